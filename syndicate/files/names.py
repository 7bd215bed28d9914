"""Names of files as other programs and untrusted lists give them."""

__all__ = ["is_plain"]


def is_plain(path: str) -> bool:
    """Return whether `path` names something below a folder, whichever folder that is."""
    parts = path.split("/")
    return not ("\0" in path or "\\" in path or any(part in ("", ".", "..") for part in parts))
