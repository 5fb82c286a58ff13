"""What people wrote never becomes markup of ours."""

import pytest

from opsconsole.lib.markdown import render


def test_it_shows_what_is_common():
    assert render("**bold** and `code`") == "<p><strong>bold</strong> and <code>code</code></p>\n"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[click](javascript:alert(1))",
        "![x](https://tracker.example/pixel.gif)",
        '<a href="x" hx-get="/today/">x</a>',
    ],
)
def test_it_leaves_nothing_that_acts(text):
    html = render(text).lower()
    assert not any(bad in html for bad in ("<script", "<img", 'href="javascript', '<a href="x" hx'))
