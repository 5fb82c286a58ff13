"""Ids in addresses and forms, as anybody may have typed them."""

LARGEST = 2**63 - 1  # that a database can hold; no row ever gets it


def id_of(text: str | None) -> int | None:
    """The id that a text names, LARGEST for every larger number; None for what is no number."""
    if not text or not text.isascii() or not text.isdigit():
        return None
    return int(text) if len(text) < len(str(LARGEST)) else LARGEST
