"""The peer of probes: Prometheus, which has its blackbox exporter ask the same target as often, and stores what it says.

Both must be on the PATH (`prometheus`, and `prometheus-blackbox-exporter` or `blackbox_exporter`); a sentence says so if not.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.stories.console import free_port

Figure = tuple[str, float, str]
_EXPORTERS = ("prometheus-blackbox-exporter", "blackbox_exporter")
_ABSENT = "Prometheus and its blackbox exporter are not installed: probes are not measured beside them."
_TLS = {"tls_config": {"insecure_skip_verify": True}}
_MODULE = {"prober": "http", "timeout": "5s", "http": {"preferred_ip_protocol": "ip4"} | _TLS}


@dataclass(frozen=True)
class Load:
    """So many targets, each asked once in so many seconds."""

    url: str
    count: int
    interval: int


def figures(scheme: str, load: Load) -> Iterator[Figure]:
    """CPU seconds of both a thousand probes; nothing where they are not installed."""
    exporter = next((found for name in _EXPORTERS if (found := shutil.which(name))), None)
    server = shutil.which("prometheus")
    if not (server and exporter):
        print(_ABSENT, file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        spent = _cpu(server, exporter, Path(folder), load)
    yield f"probe_cpu_prometheus_{scheme}", spent / load.count * 1000, "s"


def _cpu(server: str, exporter: str, folder: Path, load: Load) -> float:
    """Seconds of the processor over one interval, after one in which all have begun."""
    asking, storing = free_port(), free_port()
    # JSON is YAML, which is what they read.
    (folder / "blackbox.yml").write_text(json.dumps({"modules": {"bench": _MODULE}}))
    (folder / "prometheus.yml").write_text(json.dumps(_config(load, asking)))
    own = [f"--config.file={folder}/blackbox.yml", f"--web.listen-address=127.0.0.1:{asking}"]
    kept = [f"--config.file={folder}/prometheus.yml", f"--web.listen-address=127.0.0.1:{storing}"]
    kept += [f"--storage.tsdb.path={folder}/data"]
    with _running([exporter, *own], folder) as first, _running([server, *kept], folder) as second:
        time.sleep(load.interval + 6)
        before = _used(first, second)
        time.sleep(load.interval)
        spent = _used(first, second) - before
        _all_asked(storing, load.count)
    return spent


def _config(load: Load, exporter: int) -> dict[str, object]:
    relabelled = [
        {"source_labels": ["__address__"], "target_label": "__param_target"},
        {"source_labels": ["__param_target"], "target_label": "instance"},
        {"target_label": "__address__", "replacement": f"127.0.0.1:{exporter}"},
    ]
    job = {
        "job_name": "bench",
        "metrics_path": "/probe",
        "params": {"module": ["bench"]},
        "scrape_interval": f"{load.interval}s",
        "scrape_timeout": "5s",
        "static_configs": [{"targets": [f"{load.url}?n={n}" for n in range(load.count)]}],
        "relabel_configs": relabelled,
    }
    return {"scrape_configs": [job]}


@contextmanager
def _running(command: list[str], folder: Path) -> Iterator[psutil.Process]:
    with (folder / "log").open("ab") as log, subprocess.Popen(command, stdout=log, stderr=log) as started:
        try:
            yield psutil.Process(started.pid)
        finally:
            started.terminate()


def _used(*processes: psutil.Process) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def _all_asked(port: int, count: int) -> None:
    """Raises RuntimeError when not every target answered: the figure would be too good."""
    asked = urllib.parse.urlencode({"query": "sum(probe_success)"})
    with suppress(LookupError):
        said = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/query?{asked}", timeout=10))
        if float(said["data"]["result"][0]["value"][1]) == count:
            return
    raise RuntimeError(f"Prometheus did not have all {count} targets answered.")
