"""Digests of names and contents. They never change between versions."""

import unicodedata
from hashlib import blake2b, sha256

__all__ = ["content_digest", "fingerprint", "normalised"]


def content_digest(data: bytes) -> str:
    """Return the digest of a file's or a text's bytes: BLAKE2b, 16 bytes, in hexadecimal."""
    return blake2b(data, digest_size=16).hexdigest()


def fingerprint(name: str, digits: int = 8) -> str:
    """Return the first hexadecimal `digits` of the SHA-256 of `name` in NFC."""
    return sha256(normalised(name).encode("utf-8", "surrogatepass")).hexdigest()[:digits]


def normalised(name: str) -> str:
    """Return `name` in Unicode's composed form (NFC)."""
    return unicodedata.normalize("NFC", name)
