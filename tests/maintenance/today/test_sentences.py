"""The state of things in a sentence, when no checklist is open."""

import pytest

from maintenance.today.sentences import state_sentence
from monitoring.catalogue.states import Status

UP, DOWN, SLOW, UNKNOWN = Status.UP, Status.DOWN, Status.DEGRADED, Status.UNKNOWN
PAUSED, REPAIRED = Status.PAUSED, Status.MAINTENANCE


@pytest.mark.parametrize(
    ("services", "incidents", "sentence"),
    [
        ({}, [], "Nothing is watched yet."),
        ({UP: ["API"]}, [], "The service is up."),
        ({UP: ["API", "Web"]}, [], "All 2 services are up."),
        ({DOWN: ["API"], UP: ["Web"]}, [], "API is down."),
        (
            {DOWN: ["API", "Web"]},
            ["API is down"],
            "Two services are down, and one incident is open: API is down.",
        ),
        ({SLOW: ["Web"]}, ["a", "b"], "Web is degraded, and two incidents are open."),
        ({UP: ["API", "Web"], UNKNOWN: ["Mail"]}, [], "Two of 3 services are up; Mail is not measured."),
        ({UNKNOWN: ["Mail", "API"]}, [], "Nothing is known to be up; two are not measured."),
        ({UP: ["API", "Web"], PAUSED: ["Mail"]}, [], "Two of 3 services are up; Mail is paused."),
        (
            {UP: ["API"], UNKNOWN: ["Mail"], REPAIRED: ["Web", "Docs"]},
            [],
            "One of 4 services is up; Mail is not measured, two are under maintenance.",
        ),
        ({PAUSED: ["Mail"]}, [], "Nothing is known to be up; Mail is paused."),
        ({}, ["a"] * 51, "More than 50 incidents are open."),
        ({}, ["Payments fail"], "One incident is open: Payments fail."),
    ],
)
def test_it_says_how_things_are(services, incidents, sentence):
    assert state_sentence(services, incidents) == sentence
