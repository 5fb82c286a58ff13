"""What people do with an alert that nobody else will end: its sender has forgotten it, or never tells an end."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from monitoring.alerts.models import Alert, AlertChange
from monitoring.alerts.states import Kind
from monitoring.alerts.taking import alert_take
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require


@transaction.atomic
def alert_end(*, actor: Actor, alert: Alert, now: datetime) -> Alert | None:
    """It is over, as somebody says; it begins anew when its sender says so of a later moment.

    None when it was over already. Raises ValidationError for one of a rule, which ends what it began.
    """
    require(actor, Role.RESPONDER)
    if alert.is_of_a_rule():
        raise ValidationError("A rule of the console ends its alerts itself; switch the rule off instead.")
    row = Alert.objects.firing().select_for_update(of=("self",)).filter(pk=alert.pk).first()
    if row is None:
        return None
    note = str(actor)[:300]
    AlertChange.objects.create(alert=row, kind=Kind.ENDED, at=now, noticed_at=now, note=note)
    return alert_take(
        source=row.source, fingerprint=row.fingerprint, firing=False, title=row.title, at=now, now=now
    )
