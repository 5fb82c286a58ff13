import datetime
import django.db.models.deletion
import opsconsole.lib.secrets
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0002_links_and_requirements"),
        ("metrics", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=20)),
                ("config", models.JSONField(default=dict)),
                ("secrets", opsconsole.lib.secrets.EncryptedJSONField(default=dict)),
                ("metric", models.CharField(max_length=200, unique=True)),
                ("unit", models.CharField(blank=True, max_length=20)),
                ("interval", models.DurationField(default=datetime.timedelta(seconds=60))),
                ("is_paused", models.BooleanField(default=False)),
                ("next_at", models.DateTimeField(null=True)),
                ("leased_until", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0, help_text="In a row.")),
                ("last_error", models.TextField(blank=True)),
                ("last_at", models.DateTimeField(help_text="When it was last read well.", null=True)),
                (
                    "samples",
                    models.PositiveIntegerField(default=0, help_text="That the last good reading brought."),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="catalogue.service",
                    ),
                ),
            ],
            options={
                "ordering": ("name", "id"),
            },
        ),
        migrations.AddField(
            model_name="series",
            name="source",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="series",
                to="metrics.source",
            ),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(
                models.F("next_at"), condition=models.Q(("is_paused", False)), name="metrics_source_due"
            ),
        ),
    ]
