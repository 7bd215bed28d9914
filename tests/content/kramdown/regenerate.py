#!/usr/bin/env python3
"""Write `expected.json`: what the real kramdown makes of each text in `constructs.json`.

Run it after a change to `constructs.json`, where Ruby and the gems kramdown 2.4 and
kramdown-parser-gfm 1.1 are installed (Debian: ruby-kramdown, ruby-kramdown-parser-gfm):

    python tests/content/kramdown/regenerate.py

The settings are those with which Jekyll 4 calls kramdown (input GFM, no hard breaks, smart quotes,
automatic ids), save that code is not highlighted; a construct may have others in `options`.
"""

import json
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
JEKYLL = {
    "input": "GFM",
    "hard_wrap": False,
    "auto_ids": True,
    "entity_output": "as_char",
    "smart_quotes": "lsquo,rsquo,ldquo,rdquo",
    "footnote_nr": 1,
    "toc_levels": [1, 2, 3, 4, 5, 6],
    "syntax_highlighter": None,
}
RENDER = """
require "json"
require "kramdown"
require "kramdown-parser-gfm"
texts = JSON.parse($stdin.read).map do |text, options|
  Kramdown::Document.new(text, options.transform_keys(&:to_sym)).to_html
end
puts JSON.generate(texts)
"""


def main() -> None:
    """Render the constructs with kramdown, and write the results."""
    constructs = json.loads((HERE / "constructs.json").read_text(encoding="utf-8"))
    asked = [(each["text"], {**JEKYLL, **each.get("options", {})}) for each in constructs]
    said = subprocess.run(
        ["ruby", "-e", RENDER], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    names = [each["name"] for each in constructs]
    expected = dict(zip(names, json.loads(said.stdout), strict=True))
    text = json.dumps(expected, ensure_ascii=False, indent=1)
    (HERE / "expected.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
