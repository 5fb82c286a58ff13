"""`make test`: everything on SQLite and on real PostgreSQL and Valkey servers, real processes, and a real browser.

It says plainly what it could not run. Arguments go to pytest: `python -m tests.run -k heartbeats`.
"""

import os
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack

from tests.servers import postgres, valkey

QUICK = "not browser and not servers"


def main(arguments: list[str]) -> int:
    started, results, missing = time.monotonic(), [], []
    base = {
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
        "OPSCONSOLE_TESTING": "1",
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }
    results.append(run("SQLite", QUICK, arguments, base))
    results.append(run("SQLite, real processes and browser", "browser or servers", arguments, base))
    try:
        with ExitStack() as stack:
            servers = {
                "DATABASE_URL": stack.enter_context(postgres()),
                "REDIS_URL": stack.enter_context(valkey()),
            }
            results.append(run("PostgreSQL and Redis", QUICK, arguments, base | servers))
            results.append(run("PostgreSQL and Redis, real processes", "servers", arguments, base | servers))
    except Exception as error:
        missing.append(f"PostgreSQL and Redis: the servers did not start ({error}).")
        results.append(1)
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        missing.append("The browser tests: no Chromium was found (Debian: apt-get install chromium).")
    for line in missing:
        print(f"NOT RUN  {line}")
    print(f"{'failed' if any(results) else 'passed'} in {time.monotonic() - started:.0f} s")
    return 1 if any(results) else 0


def run(name: str, marker: str, arguments: list[str], environment: dict[str, str]) -> int:
    """pytest's exit code; “no test was selected” (5) counts as passed, since -k may leave a part empty."""
    print(f"== {name}", flush=True)
    spread = [] if "-n" in arguments else ["-n", "2"]
    kept = {name: value for name, value in environment.items() if value}
    outside = {name: value for name, value in os.environ.items() if name not in environment}
    command = [sys.executable, "-m", "pytest", "-rs", "-m", marker, *spread, *arguments]
    code = subprocess.run(command, env=outside | kept, check=False).returncode
    return 0 if code == 5 else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
