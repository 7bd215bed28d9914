"""The longest lost passage is found; words in another form are not lost."""

import pytest

from syndicate.content.passages import longest_lost

TEXT = " ".join(f"leaf{number:03}x" for number in range(300))


def test_a_passage_in_the_middle_is_found() -> None:
    lost = longest_lost(f"<p>{TEXT}</p>", f"<p>{TEXT[:800]} {TEXT[2000:]}</p>")
    assert 120 <= lost.words <= 140
    assert lost.start.startswith("leaf08")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (f"<p>if e &lt; <i>n</i> {TEXT} -&gt; x</p>", f"<p>if e &lt;n {TEXT} -&gt; x</p>"),
        (f"**{TEXT}**", f"<p><strong>{TEXT}</strong></p>"),
        (TEXT.replace(" ", "\n"), f"<p>{TEXT}</p>"),
        ("\n".join(f"{number}. {word}" for number, word in enumerate(TEXT.split())),
         "".join(f"<li>{word}</li>" for word in TEXT.split())),
        (" ".join(f"[{word}](/{word}/{word})" for word in TEXT.split()), f"<p>{TEXT}</p>"),
        (f"<p>{' '.join(map(str, range(400)))} {TEXT}</p>", f"<p>{TEXT}</p>"),
    ],
)  # fmt: skip
def test_words_that_are_set_otherwise_are_not_lost(source: str, html: str) -> None:
    assert longest_lost(source, html).words < 10
