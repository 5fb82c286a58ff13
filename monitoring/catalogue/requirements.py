"""Which requirements a service fulfils, by their ids. Pure."""

import re

MOST = 50
_ID = re.compile(r"[A-Z][A-Z0-9]{0,9}(-[A-Z0-9]{1,10}){1,3}")


def parse(text: str) -> list[str]:
    """“REQ-012, nfr-4” → ["REQ-012", "NFR-4"], each once, in the order given. Raises ValueError with a sentence."""
    ids = list(dict.fromkeys(re.split(r"[\s,;]+", text.strip().upper()))) if text.strip() else []
    for each in ids:
        if not _ID.fullmatch(each):
            raise ValueError(f"“{each[:40]}” is no id of a requirement: write them like REQ-012, NFR-4.")
    if len(ids) > MOST:
        raise ValueError(f"At most {MOST} requirements; these are {len(ids)}.")
    return ids
