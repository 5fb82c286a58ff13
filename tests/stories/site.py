"""Something of ours that really answers, and that one can stop."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.stories.console import free_port


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"Bookings are open")

    def log_message(self, *_: object) -> None:
        """Its log would only bury that of the console."""


class Site:
    """A web site on a port that stays the same: `start()`, `stop()`, `start()` again."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), _Page)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None
