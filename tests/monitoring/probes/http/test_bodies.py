"""What is sent along: checked when it is saved, and with the Content-Type that it needs."""

import pytest
from django.core.exceptions import ValidationError

from monitoring.probes.kinds.http.bodies import sent
from monitoring.probes.kinds.http.config import clean


@pytest.mark.parametrize(
    ("kind", "body", "raw", "said"),
    [
        ("text", "a=1", b"a=1", None),
        ("json", '{"a": "ä"}', '{"a": "ä"}'.encode(), "application/json"),
        (
            "form",
            "name=J & J\n\n note =1=2 \n",
            b"name=J+%26+J&note=1%3D2+",
            "application/x-www-form-urlencoded",
        ),
        ("xml", "<a>1</a>", b"<a>1</a>", "application/xml"),
        ("json", "", None, None),
    ],
)
def test_it_sends(kind, body, raw, said):
    assert sent(kind, body, {}) == (raw, {"Content-Type": said} if said else {})


def test_it_leaves_the_content_type_to_the_headers():
    headers = {"content-type": "application/vnd.api+json"}
    assert sent("json", "{}", headers) == (b"{}", headers)


@pytest.mark.parametrize(
    ("kind", "body", "says"),
    [
        ("json", '{"a": }', "This is no JSON: Expecting value in line 1, column 7."),
        ("json", "NaN", "no JSON"),
        ("json", "[" * 50_000, "nested too deeply"),
        ("form", "name", "“name” is no field"),
        ("form", "=1", "is no field"),
        ("xml", "<a>\n<b></a>", "This is no XML: mismatched tag in line 2."),
        ("yaml", "a: 1", "Choose one of"),
    ],
)
def test_it_says_what_is_wrong(kind, body, says):
    with pytest.raises(ValidationError) as error:
        clean({"url": "https://shop.example.com/", "method": "POST", "body_kind": kind, "body": body}, {})
    assert says in str(error.value.message_dict)
