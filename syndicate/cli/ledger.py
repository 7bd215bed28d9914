"""``syndicate ledger``: shows, exports, imports and verifies the ledger."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndicate.cli import options
from syndicate.cli.adopt import command as adopt
from syndicate.cli.options import BlogChoice
from syndicate.errors import StateError
from syndicate.files.read import OWN_BYTES, read_own
from syndicate.files.write import write_new
from syndicate.text.characters import printable, steady

if TYPE_CHECKING:  # the command line must start fast
    from syndicate.ledger.records import Record

__all__ = ["command"]


@click.group("ledger")
def command() -> None:
    """Show, export, import or verify the ledger.

    The ledger holds what feed readers know of each post: its id, its dates, its addresses. Without
    it old posts become new again: keep the state folder, or export the ledger.
    """


@command.command("export")
@click.argument("lines", metavar="[FILE]", default="-", type=click.Path(path_type=Path))
@options.on_blog
@click.option(
    "--sound",
    is_flag=True,
    help="Write the sound records of a damaged ledger, and list the others.",
)
def export(lines: Path, choice: BlogChoice, sound: bool) -> None:
    """Write the ledger as JSON Lines to FILE.

    Without FILE, or with -, write to standard output. Equal records give equal bytes, sorted, one
    record a line: keep the file in the repository.
    """
    from syndicate.ledger.lines import export_lines
    from syndicate.ledger.records import load, salvage

    state = choice.load().state_folder
    _must_exist(state)
    records, damage = salvage(state) if sound else (load(state), ())
    for line in damage:
        click.echo(printable(line), err=True)
    data = export_lines(records)
    if str(lines) == "-":
        click.echo(steady(data.decode()) if sys.stdout.isatty() else data, nl=False)
    else:
        _write(lines, data)


@command.command("import")
@click.argument("lines", metavar="FILE", type=click.Path(path_type=Path))
@options.on_blog
@click.option(
    "--merge",
    is_flag=True,
    help="Merge into a ledger that has records. Of two records with one id, keep the newer.",
)
def import_(lines: Path, choice: BlogChoice, merge: bool) -> None:
    """Import the whole of FILE, or nothing.

    With -, read standard input.
    """
    from syndicate.ledger.lines import import_lines
    from syndicate.state.lock import locked

    state, data = choice.load().state_folder, _read(lines)
    with locked(state):
        done = import_lines(state, data, str(lines), merge=merge)
    same = done.read - done.added - done.replaced
    read = "1 record" if done.read == 1 else f"{done.read} records"
    click.echo(f"{read} read: {done.added} added, {done.replaced} replaced, {same} unchanged")


@command.command("show")
@click.argument("post")
@options.on_blog
@options.as_json
def show(post: str, choice: BlogChoice, as_json: bool) -> None:
    """Print the record of POST.

    Name POST by its file, its id, or any address that it has or had.
    """
    from syndicate.ledger.lines import export_lines
    from syndicate.ledger.records import load

    records = load(choice.load().state_folder)
    found = [record for record in records if _is_meant(record, post)]
    if not found:
        cure = "name its file, its id or its address; `syndicate ledger export` lists all"
        raise StateError(post, f"none of the {len(records)} posts in the ledger", cure)
    if as_json:
        click.echo(steady(export_lines(found).decode()), nl=False)
    else:
        click.echo("\n\n".join("\n".join(_described(record)) for record in found))


@command.command("verify")
@options.on_blog
def verify(choice: BlogChoice) -> None:
    """Check that the ledger is undamaged.

    Print a line for each fault; the exit code is then 1.
    """
    from syndicate.ledger.faults import verify as faults_of
    from syndicate.ledger.records import is_provisional, load

    state = choice.load().state_folder
    _must_exist(state)
    faults = faults_of(state)
    for line in faults:
        click.echo(printable(line), err=True)
    if faults:
        raise SystemExit(1)
    records = load(state)
    click.echo(f"{len(records)} {'record' if len(records) == 1 else 'records'}, all sound")
    if made := sum(map(is_provisional, records)):
        click.echo(f"{made} provisional, because the blog's address is unknown; set [site] url")


command.add_command(adopt)


def _must_exist(state: Path) -> None:
    from syndicate.ledger.records import FILE_NAME
    from syndicate.state.database import is_there

    if not is_there(state / FILE_NAME):
        raise StateError(str(state), "Nothing was built here yet. Run: syndicate build")


def _read(path: Path) -> bytes:
    try:
        return sys.stdin.buffer.read(OWN_BYTES) if str(path) == "-" else read_own(path, OWN_BYTES)
    except OSError as error:
        raise StateError(str(path), f"cannot be read ({error.strerror})") from error


def _write(path: Path, data: bytes) -> None:
    """Replace the file as a whole, if it differs."""
    if path.is_dir():
        raise StateError(str(path), "is a folder", "name a file before BLOG")
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
    # Accept blog/_posts/tea.md, and tea.md for short.
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
