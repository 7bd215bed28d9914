"""``syndicate ledger``: look into the ledger, carry it elsewhere, and see that it is sound."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syndicate.errors import StateError
from syndicate.files.read import OWN_BYTES, read_own
from syndicate.files.write import write_new
from syndicate.text.characters import printable, steady

if TYPE_CHECKING:  # the command line must start fast
    from syndicate.ledger.records import Record

__all__ = ["ledger_group"]

Callback = Callable[[click.Context, click.Parameter, tuple[str, ...]], Any]
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def ledger_group(setting: Callback) -> click.Group:
    """The commands. `setting` reads what ``--set`` is given."""

    @click.group("ledger")
    def group() -> None:
        """What feed readers know of each post: its id, its dates, its addresses.

        Losing it makes old posts new again: keep the state folder, or export the ledger.
        """

    options = _options(setting)
    group.add_command(_export(options))
    group.add_command(_import(options))
    group.add_command(_show(options))
    group.add_command(_verify(options))
    return group


def _options(setting: Callback) -> Decorator:
    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed((
            click.argument("blog", default=".", type=click.Path(path_type=Path)),
            click.option("-c", "--config", "file", type=click.Path(path_type=Path),
                         help="The config.toml to use, rather than the one in BLOG."),
            click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", callback=setting,
                         help="Any key of config.toml with a TOML value."),
        )):  # fmt: skip
            command = option(command)
        return command

    return decorate


def _export(options: Decorator) -> click.Command:
    @click.command("export")
    @click.argument("lines", metavar="[FILE]", default="-", type=click.Path(path_type=Path))
    @options
    @click.option(
        "--sound",
        is_flag=True,
        help="Of a damaged ledger, write the sound records and name the others.",
    )
    def export(lines: Path, sound: bool, **blog: Any) -> None:
        """Write the ledger of BLOG to FILE (- or none: standard output) as JSON Lines.

        One record a line, sorted, the same bytes for the same records: keep it in the repository.
        """
        from syndicate.ledger.lines import export_lines
        from syndicate.ledger.records import load, salvage

        state = _state(**blog)
        _must_exist(state)
        records, damage = salvage(state) if sound else (load(state), ())
        for line in damage:
            click.echo(printable(line), err=True)
        data = export_lines(records)
        if str(lines) == "-":
            click.echo(steady(data.decode()) if sys.stdout.isatty() else data, nl=False)
        else:
            _write(lines, data)

    return export


def _import(options: Decorator) -> click.Command:
    @click.command("import")
    @click.argument("lines", metavar="FILE", type=click.Path(path_type=Path))
    @options
    @click.option(
        "--merge",
        is_flag=True,
        help="Into a ledger that has records: of one id, the one updated later counts.",
    )
    def import_(lines: Path, merge: bool, **blog: Any) -> None:
        """Take an export (- is standard input) into the ledger of BLOG: all of it, or nothing."""
        from syndicate.ledger.lines import import_lines
        from syndicate.state.lock import locked

        state, data = _state(**blog), _read(lines)
        with locked(state):
            done = import_lines(state, data, str(lines), merge=merge)
        same = done.read - done.added - done.replaced
        counts = f"{done.added} added, {done.replaced} replaced, {same} left as they were"
        click.echo(f"{done.read} records read: {counts}")

    return import_  # fmt: skip


def _show(options: Decorator) -> click.Command:
    @click.command("show")
    @click.argument("post")
    @options
    @click.option("--json", "as_json", is_flag=True, help="Print it as JSON Lines.")
    def show(post: str, as_json: bool, **blog: Any) -> None:
        """Print all that is known of POST: its file, its id, or an address it has or had."""
        from syndicate.ledger.lines import export_lines
        from syndicate.ledger.records import load

        records = load(_state(**blog))
        found = [record for record in records if _is_meant(record, post)]
        if not found:
            cure = "name its file, its id or its address; `syndicate ledger export` lists all"
            raise StateError(post, f"none of the {len(records)} posts in the ledger", cure)
        if as_json:
            click.echo(steady(export_lines(found).decode()), nl=False)
        else:
            click.echo("\n\n".join("\n".join(_described(record)) for record in found))

    return show


def _verify(options: Decorator) -> click.Command:
    @click.command("verify")
    @options
    def verify(**blog: Any) -> None:
        """See that the ledger of BLOG is sound; exit with 1 and a line for each fault if not."""
        from syndicate.ledger.faults import verify as found_in
        from syndicate.ledger.records import is_provisional, load

        state = _state(**blog)
        _must_exist(state)
        found = found_in(state)
        for line in found:
            click.echo(printable(line), err=True)
        if found:
            raise SystemExit(1)
        records = load(state)
        click.echo(f"{len(records)} records, all sound")
        if made := sum(map(is_provisional, records)):
            click.echo(f"{made} provisional, because the blog's address is unknown; set [site] url")

    return verify


def _state(blog: Path, file: Path | None, settings: list[tuple[str, Any]]) -> Path:
    from syndicate.config.schema import load

    return load(blog, file, settings).state_folder


def _must_exist(state: Path) -> None:
    from syndicate.ledger.records import FILE_NAME
    from syndicate.state.database import is_there

    path = state / FILE_NAME
    if not is_there(path):
        raise StateError(str(path), "no such ledger", "`syndicate build` writes it; is this BLOG?")


def _read(path: Path) -> bytes:
    try:
        return sys.stdin.buffer.read(OWN_BYTES) if str(path) == "-" else read_own(path, OWN_BYTES)
    except OSError as error:
        raise StateError(str(path), f"cannot be read ({error.strerror})") from error


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, and only where it differs."""
    if path.is_dir():
        raise StateError(str(path), "is a folder", "name a file: [FILE] comes before [BLOG]")
    part = path.with_name(f".{path.name}.part")
    try:
        if path.exists() and read_own(path, OWN_BYTES) == data:
            return
        write_new(part, data, sync=True)
        part.replace(path)
    except OSError as error:
        raise StateError(str(path), f"cannot be written ({error.strerror})") from error


def _is_meant(record: "Record", wanted: str) -> bool:
    if wanted in (record.id, record.url, record.path, *record.past):
        return True
    # A file as one names it from elsewhere: blog/_posts/tea.md, or tea.md for short.
    named = Path(wanted).as_posix().removeprefix("./")
    return bool(record.path) and (
        f"/{named}".endswith(f"/{record.path}") or f"/{record.path}".endswith(f"/{named}")
    )


def _described(record: "Record") -> Iterator[str]:
    rows = (
        ("id", record.id),
        ("title", record.title),
        ("file", record.path),
        ("address", record.url),
        *(("was at", url) for url in record.past),
        ("published", f"{record.published.isoformat()} ({record.dated or 'no date written'})"),
        ("updated", record.updated.isoformat()),
        ("withdrawn", record.withdrawn.isoformat() if record.withdrawn else ""),
        ("adopted", "yes; no post has been found to be it yet" if record.adopted else ""),
        ("provisional", "yes; made again when the blog's address is known" * record.provisional),
        ("own id", record.own),
        ("categories", ", ".join(record.categories)),
        ("tags", ", ".join(record.tags)),
        ("digest", record.digest),
    )
    return (f"{name + ':':12}{printable(value)}" for name, value in rows if value)
