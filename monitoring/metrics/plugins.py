"""The kinds of sources: each module in sources/ registers its own."""

import pkgutil
from importlib import import_module

from monitoring.metrics import sources

for module in pkgutil.iter_modules(sources.__path__):
    import_module(f"{sources.__name__}.{module.name}")
