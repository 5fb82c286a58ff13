"""What probes tell the catalogue, and the kinds of probes: each module in kinds/ registers its own."""

import pkgutil
from datetime import datetime
from importlib import import_module

from django.forms import Form

from monitoring.catalogue.histories import histories
from monitoring.catalogue.models import Service
from monitoring.catalogue.sources import sources, states
from monitoring.catalogue.starters import Starter, starters
from monitoring.probes import history, kinds, selectors
from monitoring.probes.forms import AddressForm
from monitoring.probes.services import probe_create
from opsconsole.accounts.selectors import Actor


def first_probe(actor: Actor, service: Service, form: Form, now: datetime) -> None:
    """The first probe of a new service, named like it; none when no address was given."""
    if url := form.cleaned_data["url"]:
        probe_create(actor=actor, service=service, name=service.name, config={"url": url}, now=now)


for module in pkgutil.iter_modules(kinds.__path__):
    import_module(f"{kinds.__name__}.{module.name}")

sources.register("probes", selectors.signals)
histories.register("probes", history.service_history)
states.register("probes", selectors.states)
starters.register("probe", Starter(AddressForm, first_probe))
