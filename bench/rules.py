"""What a thousand rules cost that are judged every minute: share of one core, in per cent, all included, on SQLite.

Beside it the judging alone: the same points are in memory and nothing is written.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROUNDS, RULES = 5, 1000
_ROOT = Path(__file__).resolve().parent.parent
_RUN = f"""
import time
from datetime import datetime, timedelta, UTC
from monitoring.alerts.judging import rules_judge
from monitoring.alerts.models import Rule
from monitoring.metrics.models import Bucket, Series
now = datetime(2026, 11, 18, 8, 0, 40, tzinfo=UTC)
end = int(now.timestamp()) // 60 * 60 + 60 * {ROUNDS}
kinds = [("threshold", {{"side": "above", "limit": 9, "lasts": 300}}), ("absence", {{"lasts": 900}}),
         ("rate", {{"side": "rises", "by": 50, "measured": "percent", "over": 3600}})]
for n in range({RULES}):
    s = Series.objects.create(name=f"m{{n}}", slug=f"m{{n}}", title=f"m{{n}}", fingerprint=f"m{{n}}", changed_at=now)
    Bucket.objects.bulk_create(Bucket(series_id=s.pk, size=60, start=end - 60 * i, n=1, total=1, low=1, high=1, first=1, last=1,
        first_at=0, last_at=0, histogram="", seen=b"") for i in range(1, 180))
    kind, config = kinds[0] if n % 10 < 7 else kinds[2]
    Rule.objects.create(name=f"r{{n}}", kind=kind, subject=f"metric:m{{n}}", config=config, since=now, due_at=now)
rules_judge(now=now)
begun = time.process_time()
for n in range(1, {ROUNDS} + 1):
    assert rules_judge(now=now + n * timedelta(minutes=1)) == {RULES}
print((time.process_time() - begun) / {ROUNDS})
from monitoring.alerts.judging import judgement_of
from monitoring.alerts.rules import kinds as known
from monitoring.alerts.subjects import points_of
rules = list(Rule.objects.all())
points = points_of([rule.subject for rule in rules], timedelta(hours=3), now)
begun = time.process_time()
for rule in rules:
    judgement_of(known[rule.kind], rule, points[rule.subject], now)
print(time.process_time() - begun)
"""
Figure = tuple[str, float, str]


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {"OPSCONSOLE_DATA_DIR": folder, "DATABASE_URL": "", "REDIS_URL": ""}
        _manage(env, "migrate", "-v0")
        all_included, alone = map(float, _manage(env, "shell", "-v0", "-c", _RUN).split()[-2:])
    yield "rule_cpu_bare", 100 * alone / 60, "% of a core"
    yield "rule_cpu_1000", 100 * all_included / 60, "% of a core"


def _manage(env: dict[str, str], *args: str) -> str:
    command = [sys.executable, str(_ROOT / "manage.py"), *args]
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout
