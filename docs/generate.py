"""Pages of the documentation site that are made from the source: a hook of MkDocs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec
from mkdocs.structure.files import File, Files
from msgspec import inspect

from syndicate.cli.main import main
from syndicate.config.expected import expected
from syndicate.config.schema import Tables

ROOT = Path(__file__).parent.parent
PROJECT = {
    "ARCHITECTURE.md": "project/architecture.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "SECURITY.md": "project/security.md",
    "CHANGELOG.md": "project/changelog.md",
}
LIST = inspect.VarTupleType


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that have no file in docs/, and the examples that pages link to."""
    pages = {
        "index.md": _text("README.md"),
        "reference/commands.md": "\n".join(commands()),
        "reference/keys.md": "\n".join(keys()),
        **{page: _text(name) for name, page in PROJECT.items() if (ROOT / name).exists()},
    }
    for path, text in pages.items():
        files.append(File.generated(config, path, content=_moved(path, text)))
    for file in sorted((ROOT / "examples").rglob("*")):
        if file.is_file() and "blog" not in file.parts:
            path = file.relative_to(ROOT).as_posix()
            files.append(File.generated(config, path, content=file.read_bytes()))
    files.append(File.generated(config, "LICENSE", content=(ROOT / "LICENSE").read_bytes()))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Lead links to the examples, which lie beside docs/, to their copies in the site."""
    return markdown.replace("](../examples/", "](examples/")


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _moved(path: str, text: str) -> str:
    """Return a page of the project with links that fit its place in the site."""
    up = "../" * path.count("/")
    for name, page in PROJECT.items():
        text = text.replace(f"]({name})", f"]({up}{page})")
    return text.replace("](docs/engines/)", f"]({up}engines/README.md)").replace(
        "](docs/", f"]({up}"
    )


def commands() -> Iterator[str]:
    """Yield the reference of all commands, line by line: each with its own help."""
    yield "# Commands\n"
    with click.Context(main, info_name="syndicate") as context:
        for name in main.list_commands(context):
            yield from _command(main.get_command(context, name), name, context)


def _command(command: click.Command | None, name: str, parent: click.Context) -> Iterator[str]:
    if command is None:
        return
    with click.Context(command, info_name=name, parent=parent, max_content_width=90) as context:
        yield f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                yield from _command(command.get_command(context, inner), inner, context)


def keys() -> Iterator[str]:
    """Yield the reference of all keys of config.toml, line by line: types and defaults."""
    yield "# Keys of config.toml\n"
    yield "[Configuration](../configuration.md) explains each key.\n"
    tables = inspect.type_info(Tables)
    for field in tables.fields:  # type: ignore[attr-defined]
        inner = field.type.item_type if isinstance(field.type, LIST) else field.type
        kinds = inner.types if isinstance(inner, inspect.UnionType) else (inner,)
        for kind in kinds:
            title = f"[{field.name}]" if kind is inner else f'[[{field.name}]] kind = "{kind.tag}"'
            yield f"## `{title}`\n\n{_paragraph(kind.cls.__doc__)}\n"
            yield from _rows(kind)
            yield ""


def _rows(struct: Any) -> Iterator[str]:
    yield "| Key | Takes | Default |\n|---|---|---|"
    for field in struct.fields:
        what = expected(struct.cls, field.name).what
        default = field.default
        shown = "required" if default is msgspec.NODEFAULT else f"`{_toml(default)}`"
        yield f"| `{field.encode_name}` | {what} | {'' if default is None else shown} |"


def _toml(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _paragraph(text: str | None) -> str:
    return " ".join((text or "").split())
