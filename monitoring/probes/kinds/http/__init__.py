"""An HTTP(S) address that must answer: right status, right words, right JSON, in time."""

from monitoring.probes.kinds import Kind, kinds
from monitoring.probes.kinds.http.config import clean
from monitoring.probes.kinds.http.facts import address, facts
from monitoring.probes.kinds.http.form import HttpForm
from monitoring.probes.kinds.http.requests import target

kinds.register(
    "http",
    Kind(
        "http",
        "HTTP address",
        form=HttpForm,
        clean=clean,
        target=target,
        address=address,
        facts=facts,
        order=0,
    ),
)
