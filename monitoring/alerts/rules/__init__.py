"""Kinds of rules, a file each; they are found by themselves."""

import pkgutil
from importlib import import_module

from monitoring.alerts.rules.base import kinds

for _module in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["kinds"]
