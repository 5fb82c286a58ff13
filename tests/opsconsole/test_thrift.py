"""Memory that is free is given back, also between what is still in use."""

from opsconsole import thrift
from tests.memory import anonymous


def test_it_gives_back_what_lies_between():
    kept = [bytes(3000) for _ in range(10_000)]
    kept = kept[::100]
    before = anonymous()
    thrift.give_back()
    assert anonymous() < before - 10
    assert len(kept) == 100
