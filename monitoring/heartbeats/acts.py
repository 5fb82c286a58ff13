"""Quiet for a while, asked by a script with the key of the address: `POST /ping/<uuid>/pause?minutes=20`, and `/resume`.

Only a POST may: chats, mail scanners and browsers open links by themselves, and none of them must silence a job.
"""

from datetime import datetime, timedelta

from monitoring.heartbeats.addresses import PAUSE, Call
from monitoring.heartbeats.asking import heartbeat_hush, heartbeat_named, heartbeat_unhush
from monitoring.heartbeats.models import Heartbeat

Answer = tuple[int, str]
_HELD = "somebody paused it until further notice; resume it on its page"
_POST = (
    "send this as a POST (curl -X POST …): a link that somebody's mail scanner opens must not silence a job"
)


def act(call: Call, method: str, by: str, now: datetime) -> Answer:
    """Do what is asked; the answer. `by` says who asked."""
    if method != "POST":
        return 405, _POST
    beat = heartbeat_named(key=call.key, ping_key=call.ping_key, slug=call.slug)
    if beat is None:
        return 404, "not found"
    done = (
        _pause(beat, call, by, now)
        if call.kind == PAUSE
        else heartbeat_unhush(heartbeat=beat, by=by, now=now)
    )
    return (200, _done(beat)) if done else (409, _HELD)


def _pause(beat: Heartbeat, call: Call, by: str, now: datetime) -> bool:
    return heartbeat_hush(heartbeat=beat, by=by, span=timedelta(minutes=call.minutes), now=now)


def _done(beat: Heartbeat) -> str:
    beat.refresh_from_db(fields=["status", "paused_until"])
    until = beat.paused_until
    return f"paused until {until:%Y-%m-%d %H:%M} UTC" if beat.is_paused and until else "not paused"
