"""Markdown that people wrote, as HTML that is safe to show. Raw HTML in it stays text; images are not fetched."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable("image")
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


def render(text: str) -> SafeString:
    html = nh3.clean(
        _parser.render(text),
        tags=_TAGS | _TABLE,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(html)  # noqa: S308 — cleaned to a short list of tags in the line above
