"""Ask VuePress itself where the pages of the site beside this file are.

usage: python -m tests.engines.vuepress.regenerate [FOLDER]
FOLDER has `node_modules` with the packages below; without it they are installed from npm.
"""

from pathlib import Path

from tests.engines.from_npm import regenerate

ASK = """
import { writeFileSync } from 'node:fs'
import { createBuildApp } from '@vuepress/core'
import { viteBundler } from '@vuepress/bundler-vite'

const app = createBuildApp({
  source: '.',
  base: '/b/',
  locales: { '/': { lang: 'en-US' }, '/zh/': { lang: 'zh-CN' } },
  bundler: viteBundler(),
  theme: { name: 'bare' },
  pagePatterns: ['**/*.md', '!.vuepress', '!node_modules'],
})
await app.init()
const asked = app.pages
  .filter((page) => page.filePathRelative && page.date !== '0000-00-00')
  .map((page) => [
    page.filePathRelative,
    `https://tea.example/b${page.path}`,
    `${page.date}T00:00:00+00:00`,
  ])
writeFileSync('asked.json', JSON.stringify(asked))
process.exit(0)
"""

if __name__ == "__main__":
    regenerate(
        Path(__file__).parent,
        (
            "vuepress@2.0.0-rc.24",
            "@vuepress/core@2.0.0-rc.24",
            "@vuepress/bundler-vite@2.0.0-rc.24",
        ),
        {"ask.mjs": ASK},
        ("node", "ask.mjs"),
    )
