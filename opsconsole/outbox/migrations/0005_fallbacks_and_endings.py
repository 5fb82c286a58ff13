"""Two changes that came side by side."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("outbox", "0004_throttles_and_endings"), ("outbox", "0004_fallbacks")]

    operations: list[migrations.RunPython] = []
