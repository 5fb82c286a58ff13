"""An HTTP probe made ready to run: what is asked, and the rule that judges the answer. All that can be done once is done here."""

from functools import partial
from urllib.parse import urlsplit

from monitoring.probes.kinds import KEPT_BODY, Config, Target
from monitoring.probes.kinds.http import bodies, conditions, signing
from monitoring.probes.kinds.http.checks import ranges
from monitoring.probes.kinds.http.config import complete
from monitoring.probes.kinds.http.rules import Check, Rule, judge, leads_to, words
from opsconsole.lib.http.easy import Request

LONGEST_ANSWER = 1024 * 1024  # bytes that are read


def target(config: Config, secrets: Config, timeout: float) -> Target:
    given = complete(config)
    rule = _rule(given)
    keep = LONGEST_ANSWER if _reads(given) else KEPT_BODY
    host = urlsplit(given["url"]).hostname or ""
    request, sign_in = _request(given, secrets, timeout), signing.sign_in(given, secrets)
    return Target(request, partial(judge, rule), host, keep, sign_in)


def _reads(given: Config) -> bool:
    """Whether the body is judged."""
    return bool(given["keyword_present"] or given["keyword_absent"] or given["conditions"])


def _rule(given: Config) -> Rule:
    return Rule(
        ranges(given["expected_status"]),
        given["expected_status"],
        tuple(_checks(given)),
        given["latency_degraded_ms"],
        given["latency_down_ms"],
        given["upside_down"],
    )


def _checks(given: Config) -> list[Check]:
    found = [leads_to(given["redirect_to"])] if given["redirect_to"] and not given["most_redirects"] else []
    present, absent = (tuple(given[name].splitlines()) for name in ("keyword_present", "keyword_absent"))
    if present or absent:
        found.append(words(present, absent, given["keyword_any_case"]))
    if given["conditions"]:
        found.append(conditions.made_ready(given["conditions"]))
    return found


def _request(given: Config, secrets: Config, timeout: float) -> Request:
    headers = {**secrets.get("headers", {}), **signing.authorization(given, secrets)}
    body, headers = bodies.sent(given["body_kind"], given["body"], headers)
    return Request(
        url=given["url"],
        method=given["method"],
        headers=headers,
        body=body,
        timeout=timeout,
        connect_timeout=timeout,
        follow=given["most_redirects"],
        downgrade=given["allow_downgrade"],
        limit=LONGEST_ANSWER,
        verify=given["verify_tls"],
        papers=signing.papers(secrets),
    )
