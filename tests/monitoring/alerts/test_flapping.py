"""What goes on and off is told so once, its changes are held, and when it has calmed down it is told how it stands."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.alerts.episodes import CALM, FLAPS_FROM, SPAN, Word, episodes
from monitoring.alerts.models import Alert, Line, Notice
from monitoring.alerts.pages import view_of
from monitoring.alerts.states import News
from monitoring.alerts.tasks import expire, tell
from tests.conftest import NOW
from tests.monitoring.alerts.make import word

MINUTE = timedelta(minutes=1)
database = pytest.mark.django_db


def said(*minutes):
    """On, off, on, off, … at these minutes."""
    return [Word(NOW + n * MINUTE, over=bool(turn % 2)) for turn, n in enumerate(minutes)]


def at(minutes):
    now = NOW + minutes * MINUTE
    expire(now), tell(now)


def play(*minutes):
    for turn, n in enumerate(minutes):
        word(turn % 2 == 0, n), at(n + 0.6)


def told():
    return list(Notice.objects.values_list("news", flat=True))


def test_it_is_one_alert_while_it_flaps():
    found = episodes(said(0, 5, 10, 15, 20, 25, 30, 35), NOW + 40 * MINUTE)
    assert [(e.starts_at - NOW) // MINUTE for e in found] == [0, 10, 20]
    assert (found[2].ends_at, found[2].turns, found[2].off_at) == (None, 4, NOW + 35 * MINUTE)


def test_it_is_over_when_it_was_off_once_it_has_calmed_down():
    last = episodes(said(0, 5, 10, 15, 20, 25), NOW + 25 * MINUTE + CALM)[-1]
    assert (last.ends_at, last.turned_at) == (NOW + 25 * MINUTE, None)


def test_it_goes_on_firing_when_it_has_calmed_down_so():
    last = episodes(said(0, 5, 10, 15, 20), NOW + 20 * MINUTE + CALM)[-1]
    assert (last.ends_at, last.turned_at, last.turns) == (None, None, 1)


def test_it_begins_to_count_anew_after_a_calm_time():
    minutes = (0, 5, 10, 15, 20, 25, 56, 57, 58, 59)
    assert [e.turns for e in episodes(said(*minutes), NOW + 60 * MINUTE)] == [0, 0, 2, 0, 0]


def test_it_does_not_flap_when_it_fires_seldom():
    assert not any(e.turns for e in episodes(said(0, 5, 31, 36, 62, 67, 93), NOW + 94 * MINUTE))


def test_it_goes_off_by_itself_while_it_flaps():
    words = [*said(0, 5, 10, 15), Word(NOW + 20 * MINUTE, until=NOW + 22 * MINUTE)]
    last = episodes(words, NOW + 30 * MINUTE)[-1]
    assert (last.off_at, last.turns, last.ends_at) == (NOW + 22 * MINUTE, 2, None)


@given(st.integers(2, 19), st.integers(3, 40))
def test_it_never_calms_down_between_changes_that_made_it_flap(period, times):
    """Whatever comes evenly often enough to flap goes on flapping: the two limits do not fight."""
    minutes = [n * period + half for n in range(times) for half in (0, period / 2)]
    found = episodes(said(*minutes), NOW + minutes[-1] * MINUTE)
    assert [e.turns > 0 for e in found] == [False] * (FLAPS_FROM - 1) + [True]


def test_it_rests_for_less_than_it_takes_to_flap():
    assert CALM * (FLAPS_FROM - 1) <= SPAN


@database
def test_it_tells_once_that_it_flaps_and_holds_the_rest():
    play(0, 5, 10, 15, 20)
    before = told()
    play(*range(25, 61, 5))
    assert before == told() == [News.FIRST, News.OVER, News.FIRST, News.OVER, News.FLAPS]
    assert Line.objects.filter(flaps=True).count() == 1


@database
def test_it_tells_once_that_it_is_over():
    play(0, 5, 10, 15, 20, 25), at(54)
    assert told()[-1] == News.FLAPS
    at(56), at(70)
    assert told()[4:] == [News.FLAPS, News.OVER]
    assert Alert.objects.latest("starts_at").ends_at == NOW + 25 * MINUTE


@database
def test_it_tells_once_that_it_fires():
    play(0, 5, 10, 15, 20), at(51), at(70)
    assert told()[4:] == [News.FLAPS, News.CALM]
    word(False, 75), at(76)
    assert told()[4:] == [News.FLAPS, News.CALM, News.OVER]


@database
def test_it_says_so_of_the_alert():
    play(0, 5, 10, 15, 20, 25)
    alert = Alert.objects.firing().get()
    assert alert.word == "Flapping"
    assert view_of(alert, NOW + 26 * MINUTE).standing.startswith(
        "It goes on and off: 2 changes so far, and now it is off since"
    )
    assert list(alert.changes.values_list("kind", flat=True)) == ["fired", "flaps"]


@database
def test_it_flaps_on_when_its_words_are_summed_up():
    play(*range(0, 200, 1))
    alert = Alert.objects.firing().get()
    assert (alert.turns, alert.starts_at) == (196, NOW + 4 * MINUTE)
    assert Alert.objects.count() == 3
