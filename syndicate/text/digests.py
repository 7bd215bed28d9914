"""Digests of names, the same for ever."""

import unicodedata
from hashlib import sha256

__all__ = ["fingerprint", "normalised"]


def fingerprint(name: str, digits: int = 8) -> str:
    """Return the first hexadecimal `digits` of the SHA-256 of `name` in NFC."""
    return sha256(normalised(name).encode("utf-8", "surrogatepass")).hexdigest()[:digits]


def normalised(name: str) -> str:
    """Return `name` in Unicode's composed form (NFC)."""
    return unicodedata.normalize("NFC", name)
