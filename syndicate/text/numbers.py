"""Numbers with their nouns, for messages."""

__all__ = ["count"]


def count(number: int, noun: str, plural: str = "") -> str:
    """Return the number with its noun: "1 post", "2,000 posts", "0 entries"."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
