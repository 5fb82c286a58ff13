"""Regions, as their workers report them."""

from django.db import models

from opsconsole.lib.moments import MomentField


class Region(models.Model):
    """A place that probes can be asked from. It is there once a worker has reported from it, and its name is its key.

    `trouble` is why it says nothing of those it asks, in a sentence: it reaches nothing at all.
    """

    name = models.CharField(max_length=30, primary_key=True)
    seen_at = MomentField(help_text="When one of its workers last reported.")
    trouble = models.TextField(blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
