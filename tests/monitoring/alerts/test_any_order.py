"""Words that come late, twice and out of order leave the same alerts as those that come in order."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from monitoring.alerts.episodes import SPAN, Episode, Word, episodes
from monitoring.alerts.ledger import MOST, heard, past_read, past_stored, read, shortened, stored
from monitoring.alerts.models import Alert
from tests.conftest import NOW
from tests.monitoring.alerts.make import word
from tests.properties import tried

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)
moments = st.integers(0, 900).map(lambda n: NOW + timedelta(minutes=n))
expiries = st.one_of(st.none(), moments)
words = st.lists(
    st.tuples(st.integers(0, 30), st.booleans(), st.sampled_from([None, None, 3, 50])),
    min_size=1,
    max_size=12,
    unique_by=lambda told: told[:2],
)


def take(told):
    minutes, firing, lasts = told
    expires = NOW + timedelta(minutes=minutes + lasts) if lasts and firing else None
    word(firing, minutes, now=LATER, expires_at=expires, title=f"after {minutes}")


def outcome(order):
    with transaction.atomic():
        for told in order:
            take(told)
        fields = ("state", "starts_at", "ends_at", "last_seen_at", "count", "turns", "turned_at", "off_at")
        found = list(Alert.objects.order_by("starts_at", "pk").values_list(*fields))
        transaction.set_rollback(True)
    return found


@tried
@given(words, st.data())
def test_it_makes_the_same_alerts_in_any_order(told, data):
    shuffled = data.draw(st.permutations([*told, *data.draw(st.lists(st.sampled_from(told), max_size=4))]))
    assert outcome(shuffled) == outcome(sorted(told, key=lambda t: (t[0], not t[1])))


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=30))
def test_it_fires_by_the_newest_word_alone(told):
    said: list[Word] = []
    for minutes, over in told:
        said = heard(said, Word(NOW + timedelta(minutes=minutes), over))
    fires = any(episode.ends_at is None for episode in episodes(said, LATER))
    assert fires == bool(said and not said[-1].over)


def test_it_sums_up_what_is_old_without_changing_what_fires():
    said = [Word(NOW + timedelta(minutes=n)) for n in range(MOST + 50)]
    kept, past, sealed = shortened(said)
    assert (len(kept), past, sealed) == (MOST, [], None)
    assert episodes(kept, LATER) == episodes(said, LATER)


def test_it_seals_the_past_that_it_forgets():
    said = [Word(NOW + 2 * SPAN * n, over=bool(n % 2)) for n in range(MOST + 2)]
    kept, past, sealed = shortened(said)
    assert sealed == NOW + 2 * SPAN
    assert episodes(kept, LATER, past) == episodes(said, LATER)[1:]


@given(st.lists(st.builds(Word, moments, st.booleans(), expiries), max_size=MOST * 3))
def test_it_forgets_nothing_that_matters(told):
    """Heard one after the other and summed up on the way: the last alert is the one of all words together."""
    said = list({word.place: word for word in sorted(told, key=lambda w: w.place)}.values())
    kept: list[Word] = []
    past: list[Episode] = []
    for one in said:
        kept, past, _ = shortened(heard(kept, one), past)
    for found, whole in zip(
        reversed(episodes(kept, LATER, past)), reversed(episodes(said, LATER)), strict=False
    ):
        assert (found.starts_at, found.ends_at, found.turns) == (whole.starts_at, whole.ends_at, whole.turns)


def test_it_hears_nothing_of_what_is_sealed():
    for n in range(MOST + 3):
        word(n % 2 == 0, n, now=LATER + timedelta(hours=9))
    count = Alert.objects.count()
    assert word(minutes=0.5, now=LATER + timedelta(hours=9)) is None
    assert Alert.objects.count() == count


@given(st.lists(st.builds(Word, st.just(NOW), st.booleans(), st.sampled_from([None, LATER]))))
def test_it_stores_words_as_they_are(said):
    assert read(stored(said)) == said
    assert past_read(past_stored(episodes(said, NOW))) == episodes(said, NOW)
