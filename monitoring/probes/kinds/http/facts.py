"""What the page of an HTTP probe says of it, in words."""

from typing import Any

from monitoring.probes import cleaning
from monitoring.probes.kinds import Config
from monitoring.probes.kinds.http import bodies
from monitoring.probes.kinds.http.config import complete
from monitoring.probes.kinds.http.operators import BARE, OPERATORS
from opsconsole.lib.figures import counted
from opsconsole.lib.phrases import listed

Facts = list[tuple[str, str]]
_SIGNED = {"basic": "with a name and a password", "bearer": "with a token", "oauth": "by OAuth2"}


def address(config: Config) -> str:
    return str(config.get("url", ""))


def facts(config: Config) -> Facts:
    """As (title, words)."""
    given = complete(config)
    told = [("Asks", _asked(given)), ("Expected", _expected(given))]
    if given["sign_in"] == "oauth":
        told.insert(1, ("Token", f"from {given['token_url']}, as {given['client_id']}"))
    told += [("In its JSON", _condition(row)) for row in given["conditions"]]
    return [*told, ("Redirects", _redirects(given)), ("Degraded, down", cleaning.speed_words(given))]


def _asked(given: Config) -> str:
    said = [given["method"]]
    said += [f"sends {bodies.KINDS[given['body_kind']].partition(',')[0].lower()}"] if given["body"] else []
    said += [f"signs in {_SIGNED[given['sign_in']]}"] if given["sign_in"] in _SIGNED else []
    said += [] if given["verify_tls"] else ["takes any certificate"]
    return ", ".join(said)


def _expected(given: Config) -> str:
    present, absent = (
        listed(f"“{word}”" for word in given[name].splitlines())
        for name in ("keyword_present", "keyword_absent")
    )
    said = [f"status {given['expected_status']}"]
    said += [f"{present} in the answer"] if present else []
    said += [f"no {absent} in it"] if absent else []
    said += ["in capitals or not"] if given["keyword_any_case"] and (present or absent) else []
    words = ", ".join(said)
    return f"that it fails: up is whatever is not {words}" if given["upside_down"] else words


def _condition(row: dict[str, Any]) -> str:
    verb = OPERATORS[row["op"]].partition(" (")[0]
    return f"{row['path']} {verb}" if row["op"] in BARE else f"{row['path']} {verb} {row['value']}"


def _redirects(given: Config) -> str:
    if not given["most_redirects"]:
        where = given["redirect_to"]
        return f"not followed; it must lead to “{where}”" if where else "not followed"
    secure = given["url"].lower().startswith("https:") and not given["allow_downgrade"]
    return (
        f"follows up to {counted(given['most_redirects'], 'redirect')}{', never to http' if secure else ''}"
    )
