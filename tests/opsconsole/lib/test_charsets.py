"""Bodies are read in the character set that they name, if it is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.lib.http.charsets import is_utf8, text


@pytest.mark.parametrize(
    ("body", "kind", "read"),
    [
        ("Käse".encode(), "", "Käse"),
        ("Käse".encode("latin-1"), "text/html; charset=ISO-8859-1", "Käse"),
        ("Käse".encode("cp1252"), 'text/html; Charset="windows-1252"; x=y', "Käse"),
        ("Käse".encode("utf-16"), "text/html;charset=utf-16", "Käse"),
        ("Käse".encode(), "text/html; charset=punycode", "Käse"),
        ("Käse".encode(), "text/html; charset=iso-8859-12", "Käse"),
        (b"a\x00\xff", "", "a��"),
    ],
)
def test_it_reads(body, kind, read):
    assert text(body, kind) == read
    assert is_utf8("text/html; charset=utf-8")


@given(
    st.binary(max_size=40), st.sampled_from(["", "charset=utf-16", "charset=gb18030", "charset=shift_jis"])
)
def test_it_never_raises(body, kind):
    assert text(body, kind).encode().decode().count("\x00") == 0
