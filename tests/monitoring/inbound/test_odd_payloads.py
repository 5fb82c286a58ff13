"""Whatever JSON comes, each kind reads it or says in a sentence why not; it never falls over, and loses nothing."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.inbound.kinds import in_order, sns
from monitoring.inbound.parcels import Forged, Parcel, Reading, Unreadable
from monitoring.inbound.wording import moment, text
from tests.conftest import NOW
from tests.monitoring.inbound.conftest import FOLDER

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["", "\x00", "\ud800", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"]),
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
RECORDED = [json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))]
HEADERS = [
    {"sentry-hook-resource": name} for name in ("issue", "event_alert", "metric_alert", "")
] + [{"x-github-event": name} for name in ("deployment_status", "release")] + [{"path": "/v2/change/enqueue"}]  # fmt: skip


def places(value, path=()):
    """Every path within a JSON."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] + [deeper for name, part in inner for deeper in places(part, (*path, name))]


def altered(value, path, new):
    """A copy with something else at a path."""
    if not path:
        return new
    whole = copy.deepcopy(value)
    part = whole
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = new
    return whole


@st.composite
def payloads(draw):
    """A recorded one with one part replaced, or anything at all."""
    recorded = draw(st.sampled_from(RECORDED))
    return altered(recorded, draw(st.sampled_from(places(recorded))), draw(JSON))


@pytest.mark.parametrize("kind", [kind.name for kind in in_order() if not kind.waits])
@given(content=payloads(), headers=st.sampled_from(HEADERS))
def test_it_reads_or_says_why_not(kind, content, headers):
    chosen = next(one for one in in_order() if one.name == kind)
    parcel = Parcel(1, NOW, json.dumps(content).encode(), headers, {}, "Sender")
    try:
        reading = chosen.read(parcel)
    except (Unreadable, Forged) as error:
        assert str(error).strip()
        assert json.dumps(chosen.refusal(str(error), ["x"]))
        return
    assert isinstance(reading, Reading)
    assert json.dumps(chosen.answer(parcel, reading))
    for heard in reading.alerts:
        assert heard.fingerprint
        assert "\x00" not in f"{heard}"
        f"{heard.title}{heard.labels}{heard.annotations}".encode()


@given(content=payloads())
def test_it_reads_whatever_amazon_signed(content):
    said = {"Message": json.dumps(content)}
    assert sns.alarm(Parcel(1, NOW, b"{}"), said).alerts


def test_it_shows_what_is_nested_too_deeply_to_be_written():
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert text(deep) == "(nested too deeply)"


@pytest.mark.parametrize("said", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"])
def test_it_takes_a_moment_that_is_none_in_utc_for_none(said):
    assert moment(said) is None
