"""Questions that somebody tries from a region, while its worker and a page wait for each other."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from monitoring.regions.models import Region
from opsconsole.lib.moments import MomentField
from opsconsole.lib.secrets import EncryptedJSONField


class RegionTrial(models.Model):
    """What a form said and what came back to a region, both encrypted: neither is saved otherwise, and it goes within the hour.

    `given` are kind, config, secrets and timeout; `found` is None until the answer is there.
    """

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="+", db_index=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = MomentField()
    given = EncryptedJSONField(default=dict)
    taken_at = MomentField(null=True)
    found = EncryptedJSONField(null=True)

    class Meta:
        indexes = [
            models.Index(F("region"), condition=Q(taken_at__isnull=True), name="probes_regiontrial_waits")
        ]
