"""A server on loopback that gives tokens and answers 401 without one of them."""

import base64
import itertools
import json
from collections import deque
from typing import Any
from urllib.parse import parse_qs, unquote_plus

from tests.monitoring.probes.servers import Target, answer

SECRET = "hush & more"


class TokenServer(Target):
    """`/token` gives t1, t2, … as long as nothing else is `scripted`: (status, what it says). `/api` wants the newest of them.

    `given` are the fields of each question for a token, with the Basic header as `basic`; `paths` what was asked, in order.
    """

    def __init__(self, *scripted: tuple[str, Any], seconds: Any = 3600) -> None:
        super().__init__()
        self.scripted, self.seconds = deque(scripted), seconds
        self.given: list[dict[str, str]] = []
        self.good, self.numbers = "", itertools.count(1)

    def config(self, **more: Any) -> dict[str, Any]:
        return {"sign_in": "oauth", "token_url": self.url("/token"), "client_id": "shop"} | more

    def revoke(self) -> None:
        self.good = "of nobody"

    def do_token(self, connection, _rest, request):
        head, _, body = request.decode().partition("\r\n\r\n")
        fields = {name: values[0] for name, values in parse_qs(body).items()}
        self.given.append(fields | _basic(head))
        status, said = self.scripted.popleft() if self.scripted else ("200 OK", self._new())
        raw = said if isinstance(said, bytes) else json.dumps(said).encode()
        connection.sendall(answer(raw, status, "Content-Type: application/json"))

    def _new(self) -> dict[str, Any]:
        self.good = f"t{next(self.numbers)}"
        return {"access_token": self.good, "token_type": "bearer", "expires_in": self.seconds}

    def do_api(self, connection, _rest, request):
        is_good = f"Authorization: Bearer {self.good}\r\n".encode() in request and self.good
        connection.sendall(answer(request, "200 OK" if is_good else "401 Unauthorized"))


def _basic(head: str) -> dict[str, str]:
    for line in head.splitlines():
        if line.startswith("Authorization: Basic "):
            pair = base64.b64decode(line.rpartition(" ")[2]).decode()
            return {"basic": ":".join(map(unquote_plus, pair.split(":")))}
    return {}
