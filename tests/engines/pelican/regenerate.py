"""Ask Pelican itself for the addresses of the blog beside this file and write `expected.json`.

usage: python -m tests.engines.pelican.regenerate [PYTHON]
PYTHON is an interpreter with pelican[markdown]; without it one is made, in a folder that goes away.
"""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tests.engines.expectations import lines

HERE = Path(__file__).parent
ASK = """
import json, sys
from html import unescape
from markupsafe import Markup
from pelican.generators import ArticlesGenerator
from pelican.settings import read_settings

override = json.loads(sys.argv[1])
settings = read_settings("publishconf.py", override={**override, "PLUGINS": []})
context = {**settings, "generated_content": {}, "static_content": {}, "static_links": set()}
generator = ArticlesGenerator(
    context=context, settings=settings, path=settings["PATH"], theme=settings["THEME"],
    output_path="output",
)
generator.generate_context()
found = {}
for status, articles in (
    ("published", generator.articles + generator.translations),
    ("draft", generator.drafts + generator.drafts_translations),
    ("hidden", generator.hidden_articles + generator.hidden_translations),
):
    for article in articles:
        found["content/" + article.get_relative_source_path()] = {
            "url": settings["SITEURL"] + "/" + article.url,
            "date": article.date.isoformat(), "title": Markup(article.title).striptags(),
            "categories": [article.category.name], "status": status,
            "tags": sorted(tag.name for tag in getattr(article, "tags", [])),
            "authors": [author.name for author in article.authors],
        }
print(json.dumps(found))
"""


def main() -> None:
    variants = json.loads((HERE / "variants.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        python = sys.argv[1] if len(sys.argv) > 1 else with_pelican(Path(folder))
        expected = {name: ask(python, variant) for name, variant in variants.items()}
    (HERE / "expected.json").write_text(lines(expected), encoding="utf-8")


def with_pelican(folder: Path) -> str:
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", "pelican[markdown]"], check=True)
    return python


def ask(python: str, variant: dict[str, object]) -> dict[str, object]:
    run = subprocess.run(
        [python, "-B", "-c", ASK, json.dumps(variant)],
        cwd=HERE / "site",
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    return dict(sorted(json.loads(run.stdout).items()))


if __name__ == "__main__":
    main()
