"""Decide which names of shortcodes, tags and components mark locked content."""

import re
from functools import lru_cache

__all__ = ["STEMS", "locks", "locks_rest"]

STEMS = (
    b"crypt", b"pass", b"protect", b"secret", b"member", b"subscriber", b"pay", b"premium",
    b"login", b"logged", b"private", b"hid", b"vip", b"reply", b"restrict", b"lock", b"paid",
    b"patr", b"signed", b"authent", b"eauth", b"wall", b"only", b"exclus", b"mepr",
    b"erphp",
)  # fmt: skip
"""Parts of names that lock, in lower case. A text without them has no locking name."""

_LOCKING = re.compile(
    r"(?<!lets)(?:en|de)crypt|passw(?:or)?d|paywall|membersonly|memberonly|subscribers?only"
    r"|loggedin|signedin|authenticated|requireauth|protect(?:ed|or|ion)?$"
    r"|hide(?:content|text|part|area|reply|login)$|^ihide$|replyview|^erphpdown|^passster|sociallock"
    r"|(?:login|auth|signin|member)wall|(?:auth|login|sponsors?|supporters?|patrons?|followers?)only"
    r"|exclusivecontent"
)
"""Parts of names that lock in any spelling. Names are compared in lower case without separators."""
_WORDS = frozenset(
    ("protect", "protected", "protector", "protection", "secret", "secrets", "private", "locked",
     "lock", "unlock", "locker", "premium", "member", "members", "membership", "subscriber",
     "subscribers", "vip", "restrict", "restricted", "paid", "patron", "patrons",
     "patreon", "mepr")
)  # fmt: skip
_GATES = frozenset(("hide", "hidden", "login", "logged", "reply", "pay"))
"""Words that lock alone, or with words of `_WITH` beside them."""
_WITH = frozenset(
    ("in", "to", "see", "view", "show", "read", "only", "required", "require", "need", "needs",
     "content", "this", "text", "part", "area", "user", "users", "start", "begin", "end", "2",
     "for", "from", "guest", "guests", "public", "after", "if", "is", "not", "or", "and", "comment")
)  # fmt: skip
_ORDINARY = frozenset(
    ("form", "button", "btn", "link", "links", "list", "grid", "team", "input", "field", "fields",
     "generator", "strength", "count", "counter", "icon", "page", "url", "logo", "badge", "toggle",
     "manager", "checker", "key", "keys", "id", "menu", "nav", "board", "provider", "route", "type",
     "types", "var", "name", "names", "file", "files", "card", "cards", "directory", "table",
     "profile", "profiles", "org", "com", "class", "method", "methods", "variable", "lint")
)  # fmt: skip
"""Words in names of page elements that do not lock: `login-form`, `team-members`, `SecretKey`."""
_WALL = re.compile(r"paywall|(?:login|auth|signin|member)wall|(?:members?|subscribers?)only")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


@lru_cache(maxsize=8192)
def locks(name: str) -> bool:
    """Return True if a mark called `name` locks its content."""
    words = {word.lower() for word in _WORD.findall(name)}
    if words & _ORDINARY:
        return False
    if _LOCKING.search("".join(re.findall(r"[a-z]", name.lower()))) or words & _WORDS:
        return True
    return bool(words & _GATES) and words <= _GATES | _WITH


def locks_rest(name: str) -> bool:
    """Return True if an empty mark called `name` locks the text after it: `<Paywall />`."""
    return _WALL.search("".join(re.findall(r"[a-z]", name.lower()))) is not None
