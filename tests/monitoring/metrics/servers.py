"""Another system's API on loopback: what it answers by path, and what it was asked."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qs, urlsplit


class Asked(NamedTuple):
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str

    def json(self) -> Any:
        return json.loads(self.body)


class Api:
    """`with Api({"/stats": {"queue": 3}}) as api:` An answer is JSON, a text, or (status, answer[, headers]); a list is taken in turn."""

    def __init__(self, answers: dict[str, Any], coding: str = "utf-8") -> None:
        self.answers, self.coding, self.asked = answers, coding, list[Asked]()
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                address = urlsplit(self.path)
                query = {
                    name: values[0]
                    for name, values in parse_qs(address.query, keep_blank_values=True).items()
                }
                headers = {name.lower(): value for name, value in self.headers.items()}
                api.asked.append(
                    Asked(self.command, address.path, query, headers, self.rfile.read(length).decode())
                )
                status, body, more = api.answer(address.path)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **more}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815 — so the library wants it

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        found = self.answers.get(path, (404, "not here"))
        if isinstance(found, Turns):
            found = found.pop(0)
        status, said, *more = found if isinstance(found, tuple) else (200, found)
        text = said if isinstance(said, str) else json.dumps(said)
        return status, text.encode(self.coding), more[0] if more else {}

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


class Turns(list[Any]):
    """Answers that are given one after the other."""
