"""Which heartbeat an address means: the names of all of them, kept by the writer and read anew when one came or went."""

import time
from hmac import compare_digest
from typing import Any

from monitoring.heartbeats.addresses import Call
from monitoring.heartbeats.stores import Store, marker, names

_LOOK_EVERY = 1.0
_READ_EVERY = 60.0


class Names:
    """Used by one thread. A name that is not known is looked for in the database at once; one that went is unknown within a
    second."""

    def __init__(self) -> None:
        self._keys: dict[str, int] = {}
        self._slugs: dict[str, int] = {}
        self._team_key = b""
        self.forget()

    def forget(self) -> None:
        self._marker: tuple[Any, ...] | None = None
        self._looked = self._read = float("-inf")

    def find(self, call: Call, store: Store, asked: float) -> int | None:
        """The id of the heartbeat that is meant; 0 when several have that slug. `asked` is the monotonic time at which its group was taken: what is unknown
        is looked for once a group."""
        if asked - self._looked > _LOOK_EVERY:
            self._look(store)
        found = self._known(call)
        if found is None and self._looked < asked:
            self._look(store)
            found = self._known(call)
        return found

    def _known(self, call: Call) -> int | None:
        if call.key:
            return self._keys.get(call.key)
        slug = self._slugs.get(
            call.slug
        )  # looked up either way, so that time does not tell a right key from a wrong one
        right = compare_digest(call.ping_key.encode(), self._team_key)
        return slug if right and self._team_key else None

    def _look(self, store: Store) -> None:
        now, found = time.monotonic(), marker(store)
        self._looked = now
        if found != self._marker or now - self._read > _READ_EVERY:
            self._keys, self._slugs = {}, {}
            for pk, key, slug in names(store):
                self._keys[key], self._slugs[slug] = pk, 0 if slug in self._slugs else pk
            self._marker, self._read = found, now
            self._team_key = (found[-1] or "").encode()
