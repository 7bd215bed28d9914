"""Fill templates. The only module that imports Jinja2, which it does when a page is made.

Templates lie in templates/; a user's template of the same name is used in place of ours. Ours are
compiled once per installation: the compiled form lies in templates/__pycache__, as Python's own.
"""

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from syndicate.errors import ConfigError
from syndicate.files.read import read_own
from syndicate.files.write import write_new
from syndicate.pages.theme import MAX_BYTES, PLAIN, TEMPLATES, Theme, ThemeSource

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment, Template
    from jinja2.bccache import Bucket
    from jinja2.compiler import CodeGenerator

__all__ = ["prepare", "render", "render_live"]

_COMPILED_BYTES = 10_000_000


def render(name: str, theme: Theme, values: Mapping[str, Any]) -> str:
    """Return the template `name` of `theme` filled with `values`.

    Raises ConfigError with template, line and cure for a mistake in a user's template.
    """
    try:
        return _template(name, theme).render(values)
    except Exception as error:
        if not theme.templates:
            raise
        raise _fault(theme, error) from error


def render_live(name: str, theme: ThemeSource, values: Mapping[str, Any]) -> str:
    """Return the template `name` filled by a server, which must answer whatever happens.

    For a mistake in the user's files ours is filled, with the error as `mistake`, else empty. The
    error is logged.
    """
    try:
        return render(name, theme(), {**values, "mistake": ""})
    except ConfigError as error:
        import logging

        logging.getLogger("syndicate.pages").warning("%s", error)
        return render(name, PLAIN, {**values, "mistake": str(error)})


def prepare(theme: Theme) -> None:
    """Load the templates of a feed's page, which children by fork then need not load."""
    from jinja2 import TemplateError

    with suppress(TemplateError):  # the first page reports it
        for name in ("feed.html", "page.html", "subscribe.html", "posts.html"):
            _template(name, theme)


def _fault(theme: Theme, error: Exception) -> ConfigError:
    """Return the error with the template and line where it happened."""
    from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError

    own = {f"{theme.folder}/{name}" for name, _ in theme.templates}
    places = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    file, line = next((place for place in reversed(places) if place[0] in own), (theme.folder, 0))
    what, cure = f"{type(error).__name__}: {error}", "correct the template; see docs/pages.md"
    if isinstance(error, TemplateSyntaxError):
        file, line, what = error.filename or file, error.lineno, error.message or what
    elif isinstance(error, TemplateNotFound):
        what, cure = f"there is no template {error.name}", "put it into the folder, or rename it"
    elif isinstance(error, UndefinedError):
        what, cure = error.message or what, "docs/pages.md lists the values of each template"
    where = f"{file}, line {line}" if line else file
    return ConfigError(where, what, cure)


@lru_cache(maxsize=100)
def _template(name: str, theme: Theme) -> "Template":
    return _environment(theme).get_template(name)


@lru_cache(maxsize=4)
def _environment(theme: Theme) -> "Environment":
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    from syndicate.pages.assets import icon, policy, script, style

    own = dict(theme.templates)

    def source(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        if name in own:
            return own[name], f"{theme.folder}/{name}", _is_current
        with suppress(FileNotFoundError):
            text = read_own(TEMPLATES / name, MAX_BYTES).decode()
            return text, str(TEMPLATES / name), _is_current
        return None

    class OurEnvironment(Environment):
        code_generator_class = _generator()
        shown = staticmethod(_shown)

    environment = OurEnvironment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FunctionLoader(source),
        bytecode_cache=_cache(),
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    styles = (style(), theme.css) if theme.css else (style(),)
    environment.globals |= {
        "styles": [Markup(each) for each in styles],
        "script": Markup(script()),
        "policy": Markup(policy(styles, (script(),))),
        "feed_icon": Markup(icon()),
    }
    return environment


def _generator() -> "type[CodeGenerator]":
    """Return a compiler of templates that does not copy Markup.

    Jinja2's own calls `escape` on Markup too, which takes a fifth of a page's time. If a later
    version does not call this method, pages only take longer: it then escapes as ever.
    """
    from jinja2.compiler import CodeGenerator, Frame
    from jinja2.nodes import Expr

    class Generator(CodeGenerator):
        def _output_child_pre(
            self, node: Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
        ) -> None:
            if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src:
                super()._output_child_pre(node, frame, finalize)
            else:
                self.write("environment.shown(")

    return Generator


def _shown(value: object) -> Markup:
    return value if type(value) is Markup else escape(value)


def _is_current() -> bool:
    return True


def _cache() -> "BytecodeCache":
    import jinja2

    # This module sets the options of the compiler.
    made_with = (jinja2.__version__, sys.version, read_own(__file__, MAX_BYTES))
    version = sha256(repr(made_with).encode()).hexdigest()[:8]

    class Cache(jinja2.BytecodeCache):
        """Keep the compiled form of our own templates. A user's is compiled by each process."""

        def get_cache_key(self, name: str, filename: str | None = None) -> str:
            return name if filename == str(TEMPLATES / name) else ""

        def load_bytecode(self, bucket: "Bucket") -> None:
            if bucket.key:
                with suppress(Exception):  # absent, or damaged: it is compiled again
                    bucket.bytecode_from_string(read_own(_compiled(bucket.key), _COMPILED_BYTES))

        def dump_bytecode(self, bucket: "Bucket") -> None:
            if bucket.key and not sys.dont_write_bytecode:
                _keep(_compiled(bucket.key), bucket.bytecode_to_string())

    def _compiled(name: str) -> Path:
        return TEMPLATES / "__pycache__" / f"{name}.{version}"

    return Cache()


def _keep(file: Path, data: bytes) -> None:
    """Write the file, unless the folder belongs to another user."""
    staged = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        write_new(staged, data, sync=True)
        staged.replace(file)
