"""What probes tell the catalogue, and the kinds of probes: each module in kinds/ registers its own."""

import pkgutil
from importlib import import_module

from monitoring.catalogue.histories import histories
from monitoring.catalogue.sources import sources, states
from monitoring.probes import history, kinds, selectors
from monitoring.probes.models import Probe

for module in pkgutil.iter_modules(kinds.__path__):
    import_module(f"{kinds.__name__}.{module.name}")

sources.register("probes", selectors.signals)
histories.register("probes", history.service_history)
states.register("probes", lambda: Probe.objects.order_by().values_list("service_id", "status").distinct())
