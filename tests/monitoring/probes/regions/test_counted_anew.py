"""What regions said is judged once more as it was judged at first, when maintenance is planned otherwise."""

from datetime import timedelta

from monitoring.probes.models import Bucket
from monitoring.probes.rerunning import spans_again
from opsconsole.lib.moments import to_ms
from tests.monitoring.probes.regions.conftest import EU, US

RETRY = timedelta(seconds=10)


def test_it_comes_to_the_same_as_at_first(rounds):
    asked = rounds()
    begun = to_ms(asked.now - timedelta(seconds=5))
    for cut in ({US}, {US}, {EU, US}, {EU, US}, {EU, US}, set(), {EU}, set()):
        asked.cut = cut
        asked.pass_by(step=RETRY)
    asked.pass_by(EU)
    asked.pass_by(EU, step=timedelta(minutes=1))
    asked.pass_by()
    again = dict.fromkeys(["up", "down", "unknown"], 0)
    for status, start, end in spans_again(asked.found, begun, to_ms(asked.now)).spans:
        again[status.value] += end - start
    found = Bucket.objects.filter(probe_id=asked.probe.pk)
    assert again == {name: sum(found.values_list(name, flat=True)) for name in again}
    assert again["down"] and again["unknown"]
