"""Run a site generator from npm on a small blog of this folder."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

__all__ = ["regenerate"]


def regenerate(
    folder: Path, packages: tuple[str, ...], files: Mapping[str, str], command: tuple[str, ...]
) -> None:
    """Write `expected.json` in `folder` from its `site`: path -> url, date.

    `files` are laid beside a copy of the site, `command` is run there and leaves `asked.json`, a
    list of [path, url, date]. The packages are taken from the folder named on the command line
    (it has `node_modules`), else installed from npm into a folder that goes away again.
    """
    with tempfile.TemporaryDirectory() as work:
        site = Path(work) / "site"
        shutil.copytree(folder / "site", site)
        for name, text in files.items():
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_text(text, encoding="utf-8")
        if len(sys.argv) > 1:
            (site / "node_modules").symlink_to(Path(sys.argv[1]).resolve() / "node_modules")
        else:
            install = ["npm", "install", "--no-audit", "--no-fund", *packages]
            subprocess.run(install, cwd=site, check=True)
        quiet = {"TZ": "UTC", "ASTRO_TELEMETRY_DISABLED": "1"}
        subprocess.run(command, cwd=site, check=True, env={**os.environ, **quiet})
        asked = json.loads((site / "asked.json").read_text(encoding="utf-8"))
    rows = [
        f"  {one_line(path)}: {one_line({'url': url, 'date': date})}"
        for path, url, date in sorted(asked)
    ]
    (folder / "expected.json").write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


def one_line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
