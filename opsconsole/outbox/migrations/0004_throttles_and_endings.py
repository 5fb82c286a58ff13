"""Two changes that came side by side."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("outbox", "0003_endings"), ("outbox", "0003_throttles")]

    operations: list[migrations.RunPython] = []
