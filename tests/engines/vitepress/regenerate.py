"""Ask VitePress itself where the pages of the site beside this file are.

usage: python -m tests.engines.vitepress.regenerate [FOLDER]
FOLDER has `node_modules` with vitepress 1.6; without it the package is installed from npm.
"""

from pathlib import Path

from tests.engines.from_npm import regenerate

ASK = """
import { readFileSync, writeFileSync } from 'node:fs'
import { resolveConfig } from 'vitepress'

const config = await resolveConfig('.', 'build', 'production')
const map = readFileSync('.vitepress/dist/sitemap.xml', 'utf8')
const titles = {}
for (const [, url] of map.matchAll(/<loc>([^<]*)<\\/loc>/g)) {
  const inner = decodeURI(url).replace('https://tea.example/notes/', '')
  const file = inner.replace(/(^|\\/)$/, '$1index.html')
  const html = readFileSync(`.vitepress/dist/${file}`, 'utf8')
  titles[html.match(/<title>(.*?) \\|/)[1]] = url
}
const asked = []
for (const page of config.pages) {
  const text = readFileSync(`src/${page}`, 'utf8')
  const date = text.match(/^date: (.*)$/m)
  const url = titles[text.match(/^title: (.*)$/m)[1]]
  if (date) asked.push([`src/${page}`, url, new Date(date[1] + ' UTC').toISOString()])
}
writeFileSync('asked.json', JSON.stringify(asked))
"""

if __name__ == "__main__":
    regenerate(
        Path(__file__).parent,
        ("vitepress@1.6",),
        {"ask.mjs": ASK},
        ("sh", "-c", "npx vitepress build . && node ask.mjs"),
    )
