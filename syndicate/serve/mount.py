"""The server as an ASGI application, to mount in an application of FastAPI, Starlette or Django."""

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from syndicate.config.load import load_config
from syndicate.config.schema import Config
from syndicate.serve.app import FolderApp
from syndicate.serve.folder import folder_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["asgi"]


def asgi(blog: str | Path | Config = ".") -> "ASGIApp":
    """Return an ASGI 3 application that serves the blog's output folder, at any prefix.

    `blog` is the blog's folder, its config.toml, or a Config. The application serves what the last
    build wrote, also after later builds. Needs the extra ``serve``. Raises ConfigError.
    """
    app = FolderApp(folder_of(load_config(blog)))

    async def below_prefix(scope: "Scope", receive: "Receive", send: "Send") -> None:
        inner = {**scope, "raw_path": _path(scope)} if scope["type"] == "http" else scope
        await app(inner, receive, send)

    return below_prefix


def _path(scope: "Scope | dict[str, Any]") -> bytes:
    """Return the encoded path below the prefix at which the application is mounted."""
    path: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    prefix = quote(scope.get("root_path", "")).rstrip("/").encode()
    below = path.removeprefix(prefix)
    return below if below.startswith(b"/") else path if below else b"/"
