"""Ask Nikola itself for the addresses of the blog beside this file and write `expected.json`.

usage: python -m tests.engines.nikola.regenerate [PYTHON]
PYTHON is an interpreter with Nikola and ruamel.yaml; without it one is made, in a folder that
goes away again.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tests.engines.expectations import lines

HERE = Path(__file__).parent
ASK = """
import json, sys
sys.path.insert(0, ".")
import conf
from nikola.nikola import Nikola

config = {**vars(conf), **json.loads(sys.argv[1]), "__configuration_filename__": "conf.py"}
site = Nikola(**config)
site.quiet = True
site.init_plugins()
site.scan_posts()
found = {}
for post in site.timeline:
    if not post.is_post:
        continue
    for language in post.translated_to:
        category = post.meta[language]["category"]
        found[post.translated_source_path(language)] = {
            "url": post.permalink(language, absolute=True), "date": post.date.isoformat(),
            "title": post.title(language), "tags": sorted(post.tags_for_language(language)),
            "categories": [category] if category else [],
            "in feeds": post.use_in_feeds,
        }
print(json.dumps(found))
"""


def main() -> None:
    variants = json.loads((HERE / "variants.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        python = sys.argv[1] if len(sys.argv) > 1 else with_nikola(Path(folder))
        expected = {name: ask(python, variant) for name, variant in variants.items()}
    (HERE / "expected.json").write_text(lines(expected), encoding="utf-8")


def with_nikola(folder: Path) -> str:
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", "Nikola", "ruamel.yaml"], check=True)
    return python


def ask(python: str, variant: dict[str, object]) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        shutil.copytree(HERE / "site", site)
        run = subprocess.run(
            [python, "-B", "-c", ASK, json.dumps(variant)],
            cwd=site,
            check=True,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
    return dict(sorted(json.loads(run.stdout.splitlines()[-1]).items()))


if __name__ == "__main__":
    main()
