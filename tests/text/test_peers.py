"""Texts of peers: what is taken out of them before anybody sees them."""

import html
import json
from base64 import b64encode
from urllib.parse import quote

import pytest

from syndicate.text.peers import LONGEST, Secrets, heard, in_address, in_arguments, in_environment

SECRET = "s3cret/välue+1"
URL = "https://hooks.example/services/T0/B99/k3y-of-hook?token=q%20value%2F7&x=1"


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        SECRET.upper(),
        quote(SECRET),
        quote(SECRET, safe="").lower(),
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET)[1:-1].replace("/", "\\/"),
        html.escape(SECRET),
        SECRET.encode().hex(),
        b64encode(SECRET.encode()).decode(),
        b64encode(f"ann:{SECRET}".encode()).decode(),
        b64encode(f"robert:{SECRET}".encode()).decode(),
        "\x1b[31m".join(SECRET),
    ],
)
def test_a_secret_is_hidden_in_every_form(form: str) -> None:
    """As it is, encoded for an address, JSON, HTML, in base64 of a login, or coloured."""
    text = heard(f"you sent <{form}> to us", frozenset((SECRET,)))
    assert "***" in text
    for piece in ("s3cret", "c2VjcmV0", form[4:-4]):
        assert piece.lower() not in text.lower()


@pytest.mark.parametrize(
    "echo",
    [
        URL,
        "/services/T0/B99/k3y-of-hook?token=q%20value%2F7&x=1",
        "/services/T0/B99/k3y-of-hook",
        "B99 and k3y-of-hook",
        "q value/7",
        "q%20value%2f7",
        "https:\\/\\/hooks.example\\/services\\/T0\\/B99\\/k3y-of-hook",
    ],
)
def test_an_address_is_hidden_whole_and_in_parts(echo: str) -> None:
    """Path and query of a webhook are what protects it."""
    text = heard(f"no such page: {echo}", in_address(URL)).lower()
    assert text.startswith("no such page: ")
    assert not any(word in text for word in ("k3y", "value", "t0/b99"))


def test_the_beginning_of_a_secret_at_the_end_is_hidden() -> None:
    """A text that was cut in the middle of a secret."""
    assert heard("your key is hunter2-hun", frozenset(("hunter2-hunter2",))) == "your key is ***"


def test_terminal_escapes_and_bidi_marks_are_removed() -> None:
    """Colours, titles, hyperlinks, C1 controls, overrides of direction, line ends."""
    text = "a\x1b[31mb\x1b]0;title\x07c\x1b]8;;http://x\x1b\\d\x9b2Je\u202ef\u2066g\x00h\r\ni\x1bPq\x1b\\j"
    assert heard(text) == "abcdefgh ij"
    assert heard(b"\xff\x1b[2Jx") == "\ufffdx"


def test_length_is_bounded() -> None:
    """A long text is cut."""
    assert len(heard("x" * 100_000)) == LONGEST
    assert heard("word " * 10).endswith("word")


def test_no_secret_is_cut_before_it_is_hidden() -> None:
    """One that lies across the bound is hidden all the same."""
    text = heard("x" * (LONGEST - 6) + " hunter2-hunter2", frozenset(("hunter2-hunter2",)))
    assert "hunter" not in text


def test_logins_and_authorization_are_hidden_unknown() -> None:
    """Also those that are nobody's secret here."""
    text = heard("at https://ann:pw@host/x with Authorization: Basic YW5uOnB3cHc= said")
    assert text == "at https://host/x with Authorization: Basic *** said"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("curl", "-H", "Authorization: Bearer abcdef"), "abcdef"),
        (("send", "--token", "abcdef"), "abcdef"),
        (("send", "--api-key=abcdef"), "abcdef"),
        (("env", "API_TOKEN=abcdef", "send"), "abcdef"),
        (("curl", "https://h.example/abcdef"), "abcdef"),
    ],
)
def test_arguments_of_programs_hold_secrets(arguments: tuple[str, ...], expected: str) -> None:
    """Options, assignments, headers and addresses."""
    assert expected in in_arguments(arguments)
    assert in_arguments(("rsync", "-a", "./", "host:/srv")) == frozenset()


def test_variables_called_like_secrets_are_secrets() -> None:
    """Each line of their values; short ones would hide half of the text."""
    found: Secrets = in_environment({"A_TOKEN": "abcdef\nghijkl", "B_KEY": "1", "HOME": "/home/x"})
    assert found == {"abcdef", "ghijkl"}
