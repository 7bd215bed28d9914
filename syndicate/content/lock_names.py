"""Which names of shortcodes, tags, components and the like say that what they hold is locked."""

import re
from functools import lru_cache

__all__ = ["STEMS", "is_wall", "locks"]

STEMS = (
    b"crypt", b"pass", b"protect", b"secret", b"member", b"subscriber", b"pay", b"premium",
    b"login", b"logged", b"private", b"hid", b"vip", b"reply", b"restrict", b"lock", b"paid",
    b"patr", b"signed", b"authent", b"eauth", b"wall", b"only", b"exclus", b"mepr",
    b"erphp",
)  # fmt: skip
"""In lower case; a text without any of these holds no such name."""

_LOCKING = re.compile(
    r"(?<!lets)(?:en|de)crypt|passw(?:or)?d|paywall|membersonly|memberonly|subscribers?only"
    r"|loggedin|signedin|authenticated|requireauth|protect(?:ed|or|ion)?$"
    r"|hide(?:content|text|part|area|reply|login)$|^ihide$|replyview|^erphpdown|^passster|sociallock"
    r"|(?:login|auth|signin|member)wall|(?:auth|login|sponsors?|supporters?|patrons?|followers?)only"
    r"|exclusivecontent"
)
"""What a name holds in whatever spelling; the name is in lower case without separators."""
_WORDS = frozenset(
    ("protect", "protected", "protector", "protection", "secret", "secrets", "private", "locked",
     "lock", "unlock", "locker", "premium", "member", "members", "membership", "subscriber",
     "subscribers", "vip", "restrict", "restricted", "paid", "patron", "patrons",
     "patreon", "mepr")
)  # fmt: skip
_GATES = frozenset(("hide", "hidden", "login", "logged", "reply", "pay"))
"""Words that lock alone, or with nothing but words of `_WITH` beside them."""
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
"""Words that make the name one of a thing on a page: `login-form`, `team-members`, `SecretKey`."""
_WALL = re.compile(r"paywall|(?:login|auth|signin|member)wall|(?:members?|subscribers?)only")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


@lru_cache(maxsize=8192)
def locks(name: str) -> bool:
    """Return whether a mark called `name` locks what it encloses."""
    words = {word.lower() for word in _WORD.findall(name)}
    if words & _ORDINARY:
        return False
    if _LOCKING.search("".join(re.findall(r"[a-z]", name.lower()))) or words & _WORDS:
        return True
    return bool(words & _GATES) and words <= _GATES | _WITH


def is_wall(name: str) -> bool:
    """Return whether a mark called `name` that holds nothing locks what follows: `<Paywall />`."""
    return _WALL.search("".join(re.findall(r"[a-z]", name.lower()))) is not None
