"""Names of files as other programs and untrusted lists give them."""

__all__ = ["is_plain"]


def is_plain(path: str) -> bool:
    """Return whether `path` names something below a folder, whichever folder that is."""
    if path[:1].isalnum() and "/." not in path and "//" not in path and path[-1] != "/":
        return "\0" not in path and "\\" not in path  # nearly all are told at a glance
    parts = path.split("/")
    return not ("\0" in path or "\\" in path or any(part in ("", ".", "..") for part in parts))
