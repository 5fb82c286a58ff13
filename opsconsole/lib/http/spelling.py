"""Addresses as people write them, spelt as the wire wants them."""

from urllib.parse import quote, urlsplit

_KEPT = "%!$&'()*+,;=:@/?~[]"


def ascii_url(url: str) -> str:
    """“https://bücher.example/ä” → “https://xn--bcher-kva.example/%C3%A4”; what is ASCII already stays as it is."""
    if url.isascii():
        return url
    parts = urlsplit(url)
    account, at, place = parts.netloc.rpartition("@")
    host, colon, port = place.partition(":")
    netloc = f"{quote(account, _KEPT)}{at}{_host(host)}{colon}{port}"
    path, query = quote(parts.path, _KEPT), quote(parts.query, _KEPT)
    return parts._replace(netloc=netloc, path=path, query=query, fragment="").geturl()


def _host(name: str) -> str:
    """A name that no rule can spell stays one that cannot be found."""
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return quote(name)
