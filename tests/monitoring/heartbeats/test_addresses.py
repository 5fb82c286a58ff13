"""What the addresses of jobs mean."""

import pytest

from monitoring.heartbeats.addresses import BadAddress, read_ping, read_push

UUID = "5bf66975-d4c7-4bf5-bcc8-b8d8a82ea278"
KEY = UUID.replace("-", "")


@pytest.mark.parametrize(
    ("suffix", "kind", "exit_status"),
    [
        ("", "success", None),
        ("/", "success", None),
        ("/start", "start", None),
        ("/fail", "fail", None),
        ("/log", "log", None),
        ("/0", "success", 0),
        ("/1", "fail", 1),
        ("/255", "fail", 255),
    ],
)
def test_it_reads_what_follows_the_name(suffix, kind, exit_status):
    call = read_ping(f"/ping/{UUID}{suffix}", "")
    assert (call.key, call.kind, call.exit_status) == (KEY, kind, exit_status)
    call = read_ping(f"/ping/pingkey/nightly-backup{suffix}", "")
    assert (call.ping_key, call.slug, call.kind) == ("pingkey", "nightly-backup", kind)


@pytest.mark.parametrize(
    "path", ["", "x", f"{UUID}/256", f"{UUID}/done", f"{UUID}/start/start", "key/Nightly"]
)
def test_it_refuses_a_malformed_address(path):
    with pytest.raises(BadAddress, match="invalid url format"):
        read_ping(f"/ping/{path}", "")


@pytest.mark.parametrize(
    "path", ["key/a b", "key/ä", "key/" + "a" * 101, "key/slug/-1", "key/slug/٣", "key//0"]
)
def test_it_takes_only_plain_slugs_and_numbers(path):
    with pytest.raises(BadAddress):
        read_ping(f"/ping/{path}", "")


def test_it_takes_a_key_and_a_run_id_in_any_case():
    call = read_ping(f"/ping/{UUID.upper()}", f"rid={UUID.upper()}")
    assert (call.key, call.rid) == (KEY, KEY)


@pytest.mark.parametrize("rid", ["", "1", KEY, UUID[:-1], f"{{{UUID}}}"])
def test_it_refuses_a_run_id_that_is_no_uuid(rid):
    with pytest.raises(BadAddress, match="invalid uuid format"):
        read_ping(f"/ping/{UUID}", f"rid={rid}")


def test_it_makes_a_heartbeat_only_when_asked_to():
    assert read_ping("/ping/key/slug", "create=1").create
    assert not read_ping("/ping/key/slug", "create=0").create
    assert not read_ping("/ping/key/slug", "").create


def test_it_reads_a_push_of_uptime_kuma():
    call = read_push(f"/api/push/{KEY}", "status=up&msg=OK&ping=12")
    assert (call.key, call.kind, call.note) == (KEY, "success", "OK · 12 ms")
    assert read_push(f"/api/push/{UUID}", "status=down&msg=").kind == "fail"
    assert read_push(f"/api/push/{KEY}", "").kind == "success"


@pytest.mark.parametrize("said", ["Up", "ok", "pending", "0"])
def test_it_takes_a_pushed_status_that_nobody_knows_for_a_failure_as_uptime_kuma_does(said):
    assert read_push(f"/api/push/{KEY}", f"status={said}").kind == "fail"
