"""Media types by the ending of a file's name. The machine's own table is not used."""

__all__ = ["media_type"]

_TEXT = {
    "css": "text/css",
    "csv": "text/csv",
    "htm": "text/html",
    "html": "text/html",
    "js": "text/javascript",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "md": "text/markdown",
    "mjs": "text/javascript",
    "opml": "text/x-opml",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "vtt": "text/vtt",
    "webmanifest": "application/manifest+json",
    "xhtml": "application/xhtml+xml",
    "xml": "application/xml",
    "xsl": "application/xslt+xml",
}
_BINARY = {
    "avif": "image/avif",
    "flac": "audio/flac",
    "gif": "image/gif",
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "jxl": "image/jxl",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "webm": "video/webm",
    "webp": "image/webp",
    "woff2": "font/woff2",
    "zip": "application/zip",
}


def media_type(path: str) -> str:
    """Return the media type of the file at `path`; text has a charset, since we write UTF-8."""
    ending = path.rpartition(".")[2].lower()
    if text := _TEXT.get(ending):
        return f"{text}; charset=utf-8"
    return _BINARY.get(ending, "application/octet-stream")
