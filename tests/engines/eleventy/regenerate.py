"""Ask Eleventy itself for the addresses of the blog beside this file and write `expected.json`.

usage: python -m tests.engines.eleventy.regenerate [FOLDER]
FOLDER has node_modules with @11ty/eleventy; without it that is installed from npm.
"""

from pathlib import Path

from tests.engines.from_npm import regenerate

PAGE = """
import { writeFileSync } from 'node:fs';
export const data = { permalink: false, eleventyExcludeFromCollections: true };
export function render({ collections, metadata }) {
  const site = metadata.url.replace(/\\/$/, '');
  const asked = collections.all
    .filter((page) => page.inputPath.startsWith('./src/posts/') && page.url)
    .map((page) => [page.inputPath.slice(2), site + encodeURI(page.url), page.date]);
  writeFileSync('asked.json', JSON.stringify(asked));
}
"""

if __name__ == "__main__":
    regenerate(
        Path(__file__).parent,
        ("@11ty/eleventy@3",),
        {"package.json": '{"type": "module"}', "src/ask.11ty.js": PAGE},
        ("npx", "eleventy", "--quiet"),
    )
