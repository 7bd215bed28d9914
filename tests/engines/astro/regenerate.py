"""Ask Astro itself for the addresses of the blog beside this file and write `expected.json`.

usage: python -m tests.engines.astro.regenerate [FOLDER]
FOLDER has node_modules with astro; without it that is installed from npm.
"""

from pathlib import Path

from tests.engines.from_npm import regenerate

PAGE = """
import { writeFileSync } from 'node:fs';
import { getCollection } from 'astro:content';
export async function GET() {
  const site = import.meta.env.SITE.replace(/\\/$/, '') + import.meta.env.BASE_URL;
  const posts = (await getCollection('blog')).map((post) => [
    post.filePath, site.replace(/\\/$/, '') + encodeURI(`/blog/${post.id}/`), post.data.pubDate,
  ]);
  writeFileSync('asked.json', JSON.stringify(posts));
  return new Response('');
}
"""

if __name__ == "__main__":
    regenerate(
        Path(__file__).parent,
        ("astro@5",),
        {"package.json": '{"type": "module"}', "src/pages/ask.txt.js": PAGE},
        ("npx", "astro", "build", "--silent"),
    )
