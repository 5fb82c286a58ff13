"""Bodies of answers as text, in the character set that their Content-Type names."""

import re

# Of those that Python knows some are no character sets, and one takes hours over a megabyte: whoever answers chooses the name.
_KNOWN = re.compile(
    r"charset=\"?(iso-8859-\d{1,2}|windows-125\d|utf-16(?:le|be)?|shift_jis|euc-(?:jp|kr)|gbk|gb2312|gb18030|big5|koi8-[ru])\b",
    re.IGNORECASE,
)


def text(body: bytes, content_type: str) -> str:
    """UTF-8 unless another is named; what cannot be read is replaced, and so is what no database takes."""
    named = _KNOWN.search(content_type)
    try:
        read = body.decode(named[1] if named else "utf-8", "replace")
    except LookupError:  # such as iso-8859-12, which there never was
        read = body.decode("utf-8", "replace")
    return read.replace("\x00", "�")


def is_utf8(content_type: str) -> bool:
    """Whether the bytes may be looked at as they are."""
    return not _KNOWN.search(content_type)
