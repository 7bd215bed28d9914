"""Check file names from other programs and untrusted lists."""

__all__ = ["is_plain"]


def is_plain(path: str) -> bool:
    """Return whether `path` is relative and stays below its folder, on every system."""
    if path[:1].isalnum() and "/." not in path and "//" not in path and path[-1] != "/":
        return "\0" not in path and "\\" not in path  # the fast case
    parts = path.split("/")
    return not ("\0" in path or "\\" in path or any(part in ("", ".", "..") for part in parts))
