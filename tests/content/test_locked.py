import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.content.lock_names import locks
from syndicate.content.locked import public_text

PIECES = st.lists(
    st.sampled_from(
        ["[hide]", "[/hide]", "{hide}", "{/hide}", "{% encrypt %}", "{% endencrypt %}", "`",
         "{{< hugo-encrypt 'x' >}}", "{{< /hugo-encrypt >}}", "<!--login-->", "<!--/login-->",
         "%%", "```\n", "\n", "::: private\n", ":::\n", "> [!secret]\n", "words ", "    ",
         "<pre>", "</pre>"]
    )
).map("".join)  # fmt: skip


@given(PIECES)
def test_what_is_left_stands_in_the_body(body: str) -> None:
    """Nothing is added, and at least one part is reported if text is removed."""
    found = public_text(body.encode(), "markdown")
    if found is None:
        return
    assert found.parts
    rest = iter(body)
    assert all(char in rest for char in found.text)


ANY_MARKS = st.lists(
    st.sampled_from(
        ["{", "}", "{% ", "{%-", " %}", "{{< ", " >}}", "{{% ", "{{", "{{-", "}}", "<", "</", ">",
         "/>", "[", "/]", "]", "[/", ":", "\n:::", "\n::: {.note .", "\n.. ", "\n!!! ", "\n??? '",
         "\n///", " ", "\n", "secret", "private", "members", "hide", "login", "encrypt", "p", "=",
         "MembersOnly", "end", "/", "()", "wp:", "start ", "begin:", "<!--", "<!-- ", "-->", " -->",
         "> [!", ".", "`", " only", "-", "_", "words ", "\n\n", "密"]
    ),
    max_size=9,
).map("".join)  # fmt: skip


@settings(max_examples=1000)
@given(ANY_MARKS)
def test_the_quick_search_misses_no_mark(body: str) -> None:
    """A text with a stray sign of comments, which is searched closely, has no other marks."""
    closely = public_text(f"{body}\n\na%%".encode(), "markdown")
    assert (public_text(body.encode(), "markdown") is None) == (closely is None)


@given(PIECES)
def test_a_part_between_marks_of_one_kind_is_out(around: str) -> None:
    """The words between two locking comments are removed, whatever else is inside."""
    if "`" in around or "<pre>" in around or "    " in around:
        return
    body = f"Open.\n\n<!--vip-->{around} HELD {around}<!--/vip-->\n\nOpen.\n"
    found = public_text(body.encode(), "html")
    assert found
    assert "HELD" not in found.text


def test_the_line_of_each_part_is_reported() -> None:
    """Lines count from 1 in the body; a part without an end is reported as open."""
    found = public_text(b"a\n\n[hide]b\n[/hide]\nc [vip]d[/vip]\n\n[hide]e\n", "markdown")
    assert found
    assert found.text == "a\n\n\nc \n\n"
    assert [(part.mark, part.line, part.closed) for part in found.parts] == [
        ("hide", 3, True), ("vip", 5, True), ("hide", 7, False)
    ]  # fmt: skip


@pytest.mark.parametrize("fence", [":::", "///"])
@pytest.mark.parametrize("names", ["{.note .locked}", "note .locked", "{#a .b .members-only}"])
def test_any_class_of_a_container_locks_it(fence: str, names: str) -> None:
    """The class that locks need not be the first class of the container."""
    found = public_text(f"Open.\n\n{fence} {names}\nHELD\n{fence}\n".encode(), "markdown")
    assert found
    assert "HELD" not in found.text


def test_a_body_that_is_all_locked_is_bare() -> None:
    """Headings and comments around the locked part do not count as words."""
    body = b"# Title\n\n<!-- more -->\n\n[hide]words[/hide]\n"
    found = public_text(body, "markdown")
    assert found
    assert found.is_bare


@pytest.mark.parametrize(
    "name",
    ["encrypt", "hugo-encryptor", "passwordProtected", "MembersOnly", "members", "pms-restrict",
     "paywall", "login", "login-required", "hide", "hide_content", "reply", "replyToSee", "vip",
     "private-note", "secret", "protected", "SignedIn", "locked", "PremiumContent"],
)  # fmt: skip
def test_names_that_lock(name: str) -> None:
    """These names are about encryption, passwords, protection, members, paywalls or logins."""
    assert locks(name)


@pytest.mark.parametrize(
    "name",
    ["note", "hideToggle", "hideBlock", "login-form", "LoginButton", "team-members", "SecretKey",
     "blockquote", "clock", "letsencrypt", "MemberCount", "password-generator", "spoiler", "blog",
     "private-key", "design", "author", "payload", "reply-count"],
)  # fmt: skip
def test_names_that_do_not_lock(name: str) -> None:
    """These names are elements about passwords and members, or contain such words by chance."""
    assert not locks(name)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_a_mark_after_code_locks_whatever_ends_lines(end: str) -> None:
    """A fence ends at its closing line, with line ends of any system."""
    body = "Words.\n\n```\ncode\n```\n\n{% encrypt %}\ngone\n{% endencrypt %}\n"
    found = public_text(body.replace("\n", end).encode(), "markdown")
    assert found is not None
    assert "gone" not in found.text
