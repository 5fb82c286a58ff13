"""A list without a row offers no filter; one that is empty because it was narrowed leads back to all of it."""

import pytest

pytestmark = pytest.mark.django_db
LISTS = {
    "/incidents/": "severity=0",
    "/monitoring/probes/": "q=x",
    "/monitoring/heartbeats/runs/": "outcome=failure",
    "/monitoring/changes/": "kind=flag",
    "/maintenance/checklists/runs/": "status=signed",
    "/settings/deliveries/": "status=failed",
}


@pytest.mark.parametrize("url", LISTS)
def test_it_offers_no_filter_where_there_is_no_row(signed_in, manager, frozen, url):
    assert '<form class="filter"' not in signed_in(manager).get(url).text


@pytest.mark.parametrize(("url", "query"), LISTS.items())
def test_it_leads_back_to_all_rows(signed_in, manager, frozen, url, query):
    shown = signed_in(manager).get(f"{url}?{query}").text
    assert '<form class="filter"' in shown
    assert f'href="{url}">All' in shown or f'href="{url}">Everything' in shown
    assert '"></a>' not in shown, "no button without a word"
