"""What can be created in one step with a service: probes register “its address” here, so that the first form is the only one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import Form

from monitoring.catalogue.models import Service
from opsconsole.accounts.selectors import Actor
from opsconsole.lib.registry import Registry


@dataclass(frozen=True)
class Starter:
    """`form` takes the posted data (None before) and may be left empty; `save` runs in the transaction of the new service.

    `save` raises ValidationError by the form's fields.
    """

    form: Callable[[Any], Form]
    save: Callable[[Actor, Service, Form, datetime], None]


starters: Registry[Starter] = Registry("starter of services")
