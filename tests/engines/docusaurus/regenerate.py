"""Ask Docusaurus itself for the addresses of the blog beside this file and write `expected.json`.

usage: python -m tests.engines.docusaurus.regenerate [FOLDER]
FOLDER has node_modules with @docusaurus/core and what it needs; without it they are installed
from npm, which takes a minute or two.
"""

from pathlib import Path

from tests.engines.from_npm import regenerate

PACKAGES = ("@docusaurus/core@3", "@docusaurus/preset-classic@3", "react@18", "react-dom@18")
ASK = """
process.env.NODE_ENV = 'production';
const { writeFileSync } = require('node:fs');
const { loadSite } = require('@docusaurus/core/lib/server/site');
(async () => {
  const { props } = await loadSite({ siteDir: process.cwd() });
  const blogs = props.plugins.filter((plugin) => plugin.name.endsWith('content-blog'));
  const asked = blogs.flatMap((blog) => blog.content.blogPosts.map(({ metadata }) => metadata))
    .filter((post) => !post.unlisted)
    .map(({ source, permalink, date }) => [
      source.replace('@site/', ''), props.siteConfig.url + encodeURI(permalink), date,
    ]);
  writeFileSync('asked.json', JSON.stringify(asked));
})();
"""

if __name__ == "__main__":
    regenerate(
        Path(__file__).parent,
        PACKAGES,
        {"package.json": '{"name": "tea", "private": true}', "ask.js": ASK},
        ("node", "--preserve-symlinks", "--preserve-symlinks-main", "ask.js"),
    )
