"""Ids of requirements, as people write them."""

import pytest

from monitoring.catalogue.requirements import parse


def test_it_takes_each_once_in_the_order_given():
    assert parse(" REQ-012, nfr-4;REQ-012\nREQ-PAY-7 ") == ["REQ-012", "NFR-4", "REQ-PAY-7"]
    assert parse(" ") == []


@pytest.mark.parametrize("text", ["REQ", "12-REQ", "REQ-<b>", "REQ-", "REQ-1-2-3-4"])
def test_it_refuses_what_is_no_id(text):
    with pytest.raises(ValueError, match="is no id of a requirement"):
        parse(text)


def test_it_takes_fifty():
    with pytest.raises(ValueError, match="At most 50 requirements; these are 51"):
        parse(" ".join(f"REQ-{n}" for n in range(51)))
