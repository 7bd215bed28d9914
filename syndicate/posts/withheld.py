"""Find the front matter that withholds a post.

The tables of keys are here. A mark with an unknown value withholds the post and is reported. A
password is never part of a reason. `docs/private-posts.md` describes the tables in words.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

from msgspec import Struct

from syndicate.text.characters import key_name, one_line

__all__ = ["Mark", "is_mark", "read_properties", "read_roughly", "withheld"]

Kind = Literal["draft", "unlisted", "feed", "private"]
"""Kind of a mark. `[posts] drafts` publishes "draft", `[posts] hidden` publishes "unlisted"."""


class Mark(Struct, frozen=True):
    """Reason why a post is withheld. `cure` is empty if the author's meaning is clear."""

    reason: str
    cure: str = ""


_TRUE = frozenset(("true", "yes", "on", "y", "1", "是"))
_FALSE = frozenset(("false", "no", "off", "n", "0", "否"))
_EMPTY = frozenset(("", "none", "null", "nil", "~"))

_YES: Mapping[str, Kind] = {
    **dict.fromkeys(("draft", "isdraft", "saveasdraft", "草稿", "下書き"), "draft"),
    **dict.fromkeys(
        ("hidden", "ishidden", "unlisted", "isunlisted", "delisted", "delist"), "unlisted"
    ),
    **dict.fromkeys(
        ("excludefromfeed", "excludefeed", "feedexclude", "excludefromrss", "excluderss",
         "rssexclude", "hidefromfeed", "hidefromrss", "hidefromfeeds", "excludefromfeeds",
         "nofeed", "norss", "skipfeed", "skiprss"),
        "feed",
    ),
    **dict.fromkeys(
        ("private", "isprivate", "hide", "ishide", "ignorepublish", "ignorepost", "unpublished",
         "unpublish", "nopublish", "notpublished", "donotpublish", "dontpublish", "notpublic",
         "trashed", "confidential", "restricted", "isrestricted", "internalonly", "staffonly",
         "adminonly", "teamonly", "私密", "私有", "隐藏", "隱藏", "非公開", "限定公開"),
        "private",
    ),
}  # fmt: skip
"""Keys that withhold the post if their value is true."""

_LOCKS = frozenset(
    ("secret", "issecret", "encrypt", "encrypted", "isencrypt", "isencrypted", "encryption",
     "protect", "protected", "isprotected", "passwordprotected", "passwordprotect", "lock",
     "locked", "islocked", "membersonly", "memberonly", "subscribersonly", "subscriberonly",
     "paidonly", "paid", "ispaid", "premium", "ispremium", "paywall", "paywalled", "haspaywall",
     "vip", "viponly", "loginonly", "loginrequired", "requirelogin", "requireslogin", "needlogin",
     "needslogin", "authonly", "authrequired", "requireauth", "requiresauth", "needauth",
     "needsauth", "friendsonly", "patronsonly", "supportersonly", "sponsorsonly", "sponsoronly",
     "followersonly", "ismembersonly", "formembers", "protection", "protectedby", "加密")
)  # fmt: skip
"""Keys that lock the post unless their value is false: with `true`, a password, or a method."""

_PAGE_PARTS = frozenset(
    ("toc", "navigation", "nav", "footer", "header", "path", "tags", "feedback", "sidebar", "title")
)
"""Parts of the page that `hide` may name. They do not withhold the post."""

_GROUPS = frozenset(("member", "members", "subscriber", "subscribers", "login", "auth"))
"""Keys that lock the post if their value is true. A list or a number of members does not."""

_NO: Mapping[str, Kind] = {
    **dict.fromkeys(
        ("published", "publish", "ispublished", "ispublish", "publishable", "dgpublish", "发布"),
        "private",
    ),
    **dict.fromkeys(("listed", "islisted", "discoverable"), "unlisted"),
    **dict.fromkeys(("feed", "rss"), "feed"),
}
"""Keys that withhold the post if their value is false."""

_WHO = frozenset(
    ("status", "poststatus", "publishstatus", "publicationstatus", "public", "ispublic", "visible",
     "isvisible", "visibility", "access", "accesslevel", "postaccess", "privacy", "状态", "公开",
     "公開")
)  # fmt: skip
"""Keys of the post's readers. The post is withheld unless everybody may read it."""

_PUBLIC = frozenset(
    ("public", "published", "publish", "live", "posted", "everyone", "everybody", "all", "anyone",
     "world", "open", "free", "visible", "listed", "open access", "open-access", "unrestricted",
     "anonymous", "公开", "公開", "已发布", "发布", "已公开")
)  # fmt: skip
_DRAFTS = frozenset(("draft", "drafts", "草稿"))
_UNLISTED = frozenset(("hidden", "unlisted", "隐藏"))
_WITHHELD = frozenset(
    ("private", "secret", "trash", "pending", "skip", "future", "inherit", "invisible", "waiting",
     "auto-draft", "unpublished", "locked", "encrypted", "password", "members", "paid", "未发布",
     "私密", "加密")
)  # fmt: skip
"""Words that clearly withhold a post. Unknown words withhold it too, and are reported."""

_SORTS = frozenset(("type", "posttype", "layout", "template", "state"))
"""Keys of the post's type. Only a word for a locked or unfinished post withholds it."""
_LOCKED_SORT = re.compile(
    r"(?:^|[^a-z])(?:(?:post|page)[_-]draft|encrypt(?:ed)?|password|passwd|protected"
    r"|password[_-]?protected|private|secret|locked|paywall(?:ed)?|premium|only[_-](?:paid|free)"
    r"|members?[_-]only|subscribers?[_-]only)(?![a-z])"
)

_ORNAMENT = re.compile(r"^[^\w~]+|[^\w]+$")
"""Signs around a status, which Notion's users write: "Published ✅"."""

_AUDIENCES = frozenset(
    ("audience", "readers", "viewers", "permission", "permissions", "restrict", "restrictto",
     "restrictedto", "sharing", "classification")
)  # fmt: skip
"""Keys of the post's audience or of other things. Only a word for some people withholds it."""
_SOME = frozenset(
    ("member", "members", "subscribers", "friends", "family", "followers", "patrons", "supporters",
     "sponsors", "premium", "login", "registered", "logged-in", "logged_in", "confidential",
     "internal", "me", "only me")
)  # fmt: skip

_PASSWORD = re.compile(
    r"(?:password|passwd|passphrase|passcode|passkey|pwd|密码|密碼|口令|パスワード)s?(?:hash(?:ed)?)?$"
    r"|^(?:unlock|access|secret)code$|^secretkey$|^pass$"
)
"""Keys of passwords, by their ends; `password_hint` is none."""

_HOLDERS = frozenset(
    ("halo", "extra", "params", "hexo", "ghost", "wordpress", "wp", "custom", "meta", "metadata",
     "frontmatter", "publish", "published", "publishing")
)  # fmt: skip
"""Keys whose mappings may hold marks. A mark in `cover` or `comments` hides only these."""

_CURE = 'if everybody may read the post, delete "{}"; else write "private: true"'

_Role = Literal[
    "yes", "lock", "group", "no", "who", "sort", "audience", "password", "build", "holder", ""
]


def withheld(
    meta: Mapping[str, Any],
    *,
    drafts: bool,
    hidden: bool = False,
    ignored: frozenset[str] = frozenset(),
) -> Mark | None:
    """Return the first mark in `meta` that withholds the post, or None. Never raises.

    `drafts` publishes drafts, `hidden` publishes posts that are listed nowhere. `ignored` are the
    keys without a meaning for the blog's generator. Dates are not checked.
    """
    allowed = {"draft"} if drafts else set()
    if hidden:
        allowed.add("unlisted")
    for key in meta:
        role = _role(key) if isinstance(key, str) else ""
        if role and key not in ignored:
            for kind, mark in _marks(key, role, meta[key], deep=True):
                if kind not in allowed:
                    return mark
    return None


@lru_cache(maxsize=4096)
def _role(key: str) -> _Role:
    name = key_name(key)
    roles: tuple[tuple[_Role, bool], ...] = (
        ("yes", name in _YES),
        ("lock", name in _LOCKS),
        ("group", name in _GROUPS),
        ("no", name in _NO),
        ("who", name in _WHO),
        ("audience", name in _AUDIENCES),
        ("sort", name in _SORTS),
        ("build", key in ("build", "_build")),
        ("holder", name in _HOLDERS),
        ("password", _PASSWORD.search(name) is not None),
    )
    return next((role for role, is_it in roles if is_it), "")


def is_mark(key: str) -> bool:
    """Return True if `key` withholds a post with some of its values."""
    return _role(key) not in ("", "holder", "sort")


def _marks(key: str, role: _Role, value: Any, *, deep: bool) -> Iterator[tuple[Kind, Mark]]:
    """Yield the mark of `key`, or the marks in its mapping."""
    name = key_name(key)
    if deep and isinstance(value, dict) and (role == "holder" or name in _HOLDERS):
        for inner in value:
            found = _role(inner) if isinstance(inner, str) else ""
            for kind, mark in _marks(inner, found, value[inner], deep=False) if found else ():
                yield kind, Mark(f"{key}.{mark.reason}", mark.cure)
        return
    reader = _READERS.get(role)
    found_one = reader(key, name, value) if reader else None
    if found_one:
        yield found_one


_Found = tuple[Kind, Mark] | None


def _yes(key: str, name: str, value: Any) -> _Found:
    kind = _YES[name]
    word = _word(value)
    if name == "hide" and (isinstance(value, list | dict) or word in _PAGE_PARTS):
        return None  # in Material for MkDocs, the hidden parts of the page
    if word in _EMPTY or word in _FALSE or word in _PUBLIC:
        return None
    if word in _TRUE or kind == "draft":
        return kind, _clear(key, value) if word in _TRUE else _doubtful(key, value)
    # The value may be a password, so that it is not shown.
    return kind, Mark(f"{key} is neither true nor false", _CURE.format(key))


def _lock(key: str, _name: str, value: Any) -> _Found:
    if isinstance(value, dict) and (off := value.get("enable", value.get("enabled"))) is not None:
        value = off
    word = _word(value)
    if word in _EMPTY or word in _FALSE or word in _PUBLIC:
        return None
    return "private", _locked(key) if word not in _TRUE else _clear(key, value)


def _group(key: str, _name: str, value: Any) -> _Found:
    plain = value is True or _word(value) in ("true", "yes", "only", "required")
    return ("private", _clear(key, value)) if plain else None


def _no(key: str, name: str, value: Any) -> _Found:
    word = _word(value)
    if word in _FALSE:
        return _NO[name], _clear(key, value)
    # A date, a number or an address does not withhold the post.
    if name in ("feed", "rss") or not isinstance(value, str) or re.search(r"\d|://", word):
        return None
    return None if word in _EMPTY or word in _TRUE else _by_word(key, word, value)


def _who(key: str, _name: str, value: Any) -> _Found:
    words = [_word(item) for item in value] if isinstance(value, list) else [_word(value)]
    for word in words:
        if word not in _EMPTY and word not in _TRUE and (found := _by_word(key, word, value)):
            return found
    return None


def _by_word(key: str, word: str, value: Any) -> _Found:
    word = _ORNAMENT.sub("", word)
    if word in _PUBLIC:
        return None
    if word in _DRAFTS:
        return "draft", _clear(key, value)
    if word in _UNLISTED:
        return "unlisted", _clear(key, value)
    known = word in _WITHHELD or word in _FALSE
    return "private", _clear(key, value) if known else _doubtful(key, value)


def _sort(key: str, name: str, value: Any) -> _Found:
    word = _word(value)
    if word in _DRAFTS and name in ("type", "posttype", "state"):
        return "draft", _clear(key, value)
    return ("private", _clear(key, value)) if _LOCKED_SORT.search(word) else None


def _audience(key: str, _name: str, value: Any) -> _Found:
    words = {_word(item) for item in value} if isinstance(value, list) else {_word(value)}
    if words & _PUBLIC or not words & (_SOME | _WITHHELD | {"only_paid", "only_free", "founding"}):
        return None
    return "private", _clear(key, value)


def _password(key: str, _name: str, value: Any) -> _Found:
    if value is None or value is False or value in ("", [], {}):
        return None
    is_blank = isinstance(value, str) and not value.strip()
    return None if is_blank else ("private", _locked(key))


def _build(key: str, _name: str, value: Any) -> _Found:
    listed = value.get("list") if isinstance(value, dict) else None
    if listed is False or listed in ("never", "false"):
        return "unlisted", _clear(f"{key}.list", listed)
    return None


_READERS = {
    "yes": _yes, "lock": _lock, "group": _group, "no": _no, "who": _who, "sort": _sort,
    "audience": _audience, "password": _password, "build": _build,
}  # fmt: skip


def _word(value: Any) -> str:
    """Return a value as text in lower case; "several values" for a mapping or a longer list."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict | list):
        return "several values" if value else ""
    if isinstance(value, str):
        return value.strip().lower()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int) and value.bit_length() > 64:
        return "a number"  # Python refuses to format very large numbers
    return "" if value is None else str(value).lower()


def _clear(key: str, value: Any) -> Mark:
    return Mark(f"{key}: {_shown(value)}")


def _locked(key: str) -> Mark:
    return Mark(f"{key} is set, so the post is locked. Empty {key} to publish the post")


def _doubtful(key: str, value: Any) -> Mark:
    """Return the mark of an unknown value, which the author may have meant otherwise."""
    return Mark(f"{key}: {_shown(value)}", _CURE.format(key))


def _shown(value: Any) -> str:
    word = _word(value)
    text = "true" if word in _TRUE else "false" if word in _FALSE else one_line(word).strip()
    return text if len(text) <= 40 else f"{text[:39]}…"


_PROPERTY = re.compile(r"(?:[-*] )?([A-Za-z][\w .-]{0,40}):: +(.*)")


def read_properties(body: str) -> dict[str, str]:
    """Return the ``key:: value`` lines at the start of a note of Logseq or Obsidian."""
    found: dict[str, str] = {}
    for line in body.lstrip().splitlines():
        match = _PROPERTY.match(line)
        if not match:
            break
        found.setdefault(match[1], match[2].strip())
    return found


_LINE = re.compile(
    r"[\s\u200b\ufeff]*[\"']?([A-Za-z_][\w .-]{0,60}?)[\"']?[ \t]*(?::|=|：)[ \t]*(.*)"
)


def read_roughly(text: str) -> dict[str, str]:
    """Return the ``key: value`` lines of a header that cannot be parsed, only for `withheld`."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if match := _LINE.match(line):
            value = re.sub(r"[ \t]#.*$", "", match[2]).strip().rstrip(",")
            found.setdefault(match[1], value.strip("\"' "))
    return found
