"""Ask Hexo itself for the addresses of the blog beside this file and write `expected.json`.

usage: python -m tests.engines.hexo.regenerate [FOLDER]
FOLDER holds node_modules with hexo, hexo-renderer-marked and hexo-permalink-pinyin; without it
they are installed from npm into a folder that goes away again.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from tests.engines.expectations import lines

HERE = Path(__file__).parent
PACKAGES = ("hexo", "hexo-renderer-marked", "hexo-permalink-pinyin")
ASK = """
const Hexo = require('hexo');
(async () => {
  const hexo = new Hexo(process.argv[2], {silent: true});
  await hexo.init();
  await hexo.load();
  const posts = {};
  hexo.locals.get('posts').forEach(post => {
    posts[`source/${post.source}`] = {
      url: post.permalink, date: post.date.toISOString(), title: post.title,
      categories: post.categories.map(each => each.name).sort(),
      tags: post.tags.map(each => each.name).sort(),
    };
  });
  process.stdout.write(JSON.stringify(posts));
})();
"""


def ask(work: Path, variant: dict[str, object]) -> dict[str, object]:
    """What Hexo says of each post with the settings of `variant`; null where it saw no date."""
    blog = work / "blog"
    shutil.rmtree(blog, ignore_errors=True)
    shutil.copytree(HERE / "site", blog)
    config = yaml.safe_load((blog / "_config.yml").read_text(encoding="utf-8")) | variant
    (blog / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    package = {"hexo": {"version": ""}, "dependencies": dict.fromkeys(PACKAGES, "*")}
    (blog / "package.json").write_text(json.dumps(package), encoding="utf-8")
    (blog / "node_modules").symlink_to(work / "node_modules")
    (work / "ask.js").write_text(ASK, encoding="utf-8")
    zone = str(config.get("timezone") or "UTC")
    run = subprocess.run(
        ["node", str(work / "ask.js"), str(blog)],
        env={**os.environ, "TZ": zone},
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    posts = json.loads(run.stdout)
    # A post without a date gets the time of the checkout.
    return {
        path: post if post["date"].startswith("2024") else None
        for path, post in sorted(posts.items())
    }


def main() -> None:
    variants = json.loads((HERE / "variants.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        if len(sys.argv) > 1:
            (work / "node_modules").symlink_to(Path(sys.argv[1]).resolve() / "node_modules")
        else:
            command = ["npm", "install", "--no-audit", "--no-fund", *PACKAGES]
            subprocess.run(command, cwd=work, check=True)
        expected = {name: ask(work, variant) for name, variant in variants.items()}
    (HERE / "expected.json").write_text(lines(expected), encoding="utf-8")


if __name__ == "__main__":
    main()
