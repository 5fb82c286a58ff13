"""Markdown that people wrote, as HTML that is safe to show. Raw HTML in it stays text; images are not fetched."""

from functools import lru_cache
from importlib import import_module
from typing import Any

from django.utils.safestring import SafeString, mark_safe

_TAGS = {
    "p",
    "br",
    "em",
    "strong",
    "code",
    "pre",
    "ul",
    "ol",
    "li",
    "blockquote",
    "a",
    "h1",
    "h2",
    "h3",
    "h4",
    "hr",
}
_TABLE = {"table", "thead", "tbody", "tr", "th", "td"}


@lru_cache(maxsize=1)
def _parser() -> Any:
    """Loaded when the first text is shown: most pages, and the engine, show none."""
    parser = import_module("markdown_it").MarkdownIt("commonmark", {"html": False, "linkify": False})
    return parser.enable("table").disable("image")


def render(text: str) -> SafeString:
    html: str = import_module("nh3").clean(
        _parser().render(text),
        tags=_TAGS | _TABLE,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(html)  # noqa: S308 — cleaned to a short list of tags in the line above
