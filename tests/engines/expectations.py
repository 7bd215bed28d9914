"""Write the results of the real generators, for the scripts that run them."""

import json

__all__ = ["lines"]


def lines(expected: dict[str, dict[str, object]], *, sort_keys: bool = True) -> str:
    """Return JSON with one line per post and variant."""

    def one_line(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=sort_keys)

    variants = [
        f"{json.dumps(name)}: {{\n"
        + ",\n".join(f"  {one_line(path)}: {one_line(post)}" for path, post in posts.items())
        + "\n}"
        for name, posts in expected.items()
    ]
    return "{" + ",\n".join(variants) + "}\n"
