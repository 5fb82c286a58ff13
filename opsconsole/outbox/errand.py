"""One message through Apprise, in a process of its own: `python -m opsconsole.outbox.errand`, told what to do over stdin.

So its fifty megabytes last as long as one message, and an audit hook, which no code of the process can take off, holds its
hundred services to what the console may do: connect to permitted addresses, and nothing else.

stdin: {url, title, body, tone, allowed, check}. stdout: {ok, detail, refused, service}; `check` sends nothing.
"""

import json
import logging
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from opsconsole.lib.http.guard import networks, permitted, refusal

FORBIDDEN = (
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "syslog.",
    "socket.sendto",
    "socket.sendmsg",
)
WEB, MAIL = "requests", "smtplib"
UNKNOWN = "Apprise knows no service with such an address; compare it with the example of the service at appriseit.com."
OTHER = "This service of Apprise speaks neither HTTP nor SMTP, so the console cannot see where it would go."


class Warden:
    """The audit hook: refuses connections to private addresses, other programs, and files that are not Python's own."""

    def __init__(self, allowed: list[str]) -> None:
        self.allowed = networks(tuple(allowed))
        self.refused = ""
        self.shelves = tuple({sys.prefix, sys.base_prefix, "/dev/null"})

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            self._connection(args[1])
        elif event == "open" and isinstance(args[0], str) and not args[0].startswith(self.shelves):
            raise PermissionError(f"The console does not let it read or write {args[0]}.")
        elif event.startswith(FORBIDDEN):
            raise PermissionError(f"The console does not let it do “{event}”.")

    def _connection(self, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        try:
            is_fine = permitted(str(host), self.allowed)
        except ValueError:  # a name, which nobody has looked up, or a socket of this machine
            is_fine = False
        if not is_fine:
            self.refused = refusal(str(host) or "It")
            raise PermissionError(self.refused)


def run(errand: dict[str, Any], warden: Warden) -> dict[str, Any]:
    apprise = import_module("apprise")
    asset = apprise.AppriseAsset(
        storage_mode=apprise.PersistentStoreMode.MEMORY, allow_templates=False, secure_logging=True
    )
    with apprise.LogCapture(level=logging.WARNING) as said:
        service = apprise.Apprise.instantiate(errand["url"], asset=asset, suppress_exceptions=True)
        if service is None:
            return {"ok": False, "detail": UNKNOWN}
        if not _speaks(type(service)):
            return {"ok": False, "detail": OTHER}
        ok = bool(errand.get("check")) or _sent(apprise, service, errand)
        words = said.getvalue().strip().splitlines()
    detail = words[-1].partition(" - ")[2] or words[-1] if words and not ok else ""
    return {"ok": ok, "detail": detail, "refused": warden.refused, "service": str(service.service_name)}


def _speaks(service: type) -> bool:
    """Whether what it is made of calls over HTTP or SMTP."""
    modules = [sys.modules[base.__module__] for base in service.__mro__]
    own = [module for module in modules if module.__name__.startswith("apprise.plugins.")]
    return any(hasattr(module, WEB) or hasattr(module, MAIL) for module in own)


def _sent(apprise: Any, service: Any, errand: dict[str, Any]) -> bool:
    service.overflow_mode = apprise.OverflowMode.TRUNCATE
    deed: Callable[..., Any] = service.notify
    return bool(
        deed(title=errand["title"], body=errand["body"], notify_type=errand["tone"], body_format="text")
    )


def main() -> None:
    errand = json.loads(sys.stdin.buffer.read())
    warden = Warden(errand["allowed"])
    sys.addaudithook(warden)
    answers, sys.stdout = sys.stdout, sys.stderr  # whatever a service prints is no answer of ours
    answers.write(json.dumps(run(errand, warden)))


if __name__ == "__main__":
    main()
