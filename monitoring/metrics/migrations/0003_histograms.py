import django.db.models.deletion
import opsconsole.lib.moments
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0002_sources"),
    ]

    operations = [
        migrations.CreateModel(
            name="Counts",
            fields=[
                (
                    "series",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="counts",
                        serialize=False,
                        to="metrics.series",
                    ),
                ),
                ("at", models.PositiveBigIntegerField(help_text="Milliseconds since 1970.")),
                ("bounds", models.JSONField()),
                ("counts", models.JSONField()),
                ("total", models.FloatField(null=True)),
                ("changed_at", opsconsole.lib.moments.MomentField(null=True)),
            ],
            options={
                "verbose_name_plural": "counts",
            },
        ),
    ]
