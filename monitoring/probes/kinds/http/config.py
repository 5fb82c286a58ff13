"""What an HTTP probe is told: its settings, what they are unless told otherwise, and what they may be."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError

from monitoring.probes import cleaning
from monitoring.probes.kinds import Config
from monitoring.probes.kinds.http import bodies, checks, conditions, oauth, signing
from opsconsole.lib.http import guard

DEFAULTS: Config = {
    "url": "",
    "method": "GET",
    "body_kind": "text",
    "body": "",
    "sign_in": "none",
    "username": "",
    "token_url": "",
    "client_id": "",
    "client_auth": "header",
    "scope": "",
    "audience": "",
    "expected_status": "200-299",
    "keyword_present": "",
    "keyword_absent": "",
    "keyword_any_case": False,
    "conditions": [],
    "most_redirects": checks.MOST_REDIRECTS,
    "redirect_to": "",
    "allow_downgrade": False,
    "verify_tls": True,
    "upside_down": False,
    "latency_degraded_ms": None,
    "latency_down_ms": None,
}
_CHECKS: dict[str, Callable[[Any], Any]] = {
    "url": checks.check_url,
    "method": checks.method,
    "body_kind": cleaning.one_of(bodies.KINDS),
    "body": cleaning.text(checks.LONGEST_BODY),
    "sign_in": cleaning.one_of(signing.WAYS),
    "username": cleaning.text(200),
    **dict.fromkeys(oauth.FIELDS, cleaning.text(2000)),
    "client_auth": cleaning.one_of(oauth.AUTH),
    "expected_status": checks.statuses,
    "keyword_present": checks.words,
    "keyword_absent": checks.words,
    "keyword_any_case": bool,
    "conditions": conditions.clean,
    "most_redirects": checks.redirects,
    "redirect_to": cleaning.text(500),
    "allow_downgrade": bool,
    "verify_tls": bool,
    "upside_down": bool,
    "latency_degraded_ms": cleaning.limit_ms,
    "latency_down_ms": cleaning.limit_ms,
}


def complete(config: Mapping[str, Any]) -> Config:
    """With all that is not said in it. Probes that were saved before there was a choice go on as they did."""
    given = DEFAULTS | {"allow_downgrade": True} | dict(config)
    if "most_redirects" not in config and not config.get("follow_redirects", True):
        given["most_redirects"] = 0
    return given


def clean(config: Config, secrets: Config) -> tuple[Config, Config]:
    """Raises ValidationError with a sentence for each field that is wrong."""
    given = DEFAULTS | {key: value for key, value in config.items() if key in DEFAULTS}
    if "follow_redirects" in config and "most_redirects" not in config:
        given["most_redirects"] = complete(config)["most_redirects"]
    errors: dict[str, str] = {}
    for name, check in _CHECKS.items():
        try:
            given[name] = check(given[name])
        except (ValueError, guard.Refused) as error:
            errors[name] = str(error)
    kept, wrong = signing.clean(given, secrets)
    errors |= wrong
    errors = errors or _contradictions(given)
    if errors:
        raise ValidationError(errors)
    return given, kept


def _contradictions(given: Config) -> dict[str, str]:
    """Fields that are right by themselves and wrong together."""
    found = cleaning.speed_complaint(given)
    slow, down = given["latency_degraded_ms"], given["latency_down_ms"]
    if given["upside_down"] and (slow is not None or down is not None):
        field = "latency_down_ms" if slow is None else "latency_degraded_ms"
        found[field] = "A probe that expects failure has no speed to judge; leave it empty."
    if complaint := bodies.complaint(given["body_kind"], given["body"]):
        found["body"] = complaint
    return found | _torn(given) | _headless(given) | _astray(given)


def _torn(given: Config) -> dict[str, str]:
    """A word that must be there and must not: no answer would do."""
    spelt = str.casefold if given["keyword_any_case"] else str
    wanted, unwanted = (
        list(map(spelt, given[name].splitlines())) for name in ("keyword_present", "keyword_absent")
    )
    word = next((no for no in unwanted if any(no in yes for yes in wanted)), None)
    return {"keyword_absent": f"“{word}” must be in it too; no answer could do both."} if word else {}


def _headless(given: Config) -> dict[str, str]:
    if given["method"] != "HEAD":
        return {}
    if given["body"]:
        return {"body": "A HEAD request carries no body; choose another method, or leave the body out."}
    if given["conditions"]:
        return {"method": "An answer to HEAD has no JSON in it; choose GET, or leave the conditions out."}
    if given["keyword_present"] or given["keyword_absent"]:
        return {
            "method": "An answer to HEAD has no body to look for words in; choose GET, or leave the words out."
        }
    return {}


def _astray(given: Config) -> dict[str, str]:
    if not given["redirect_to"]:
        return {}
    if given["most_redirects"]:
        return {"redirect_to": "Where it leads is judged only if it is not followed: follow 0 redirects."}
    if not any(low < 400 and high >= 300 for low, high in checks.ranges(given["expected_status"])):
        return {
            "expected_status": "A redirect answers 301 to 308; write such a status, or leave out where it leads."
        }
    return {}
