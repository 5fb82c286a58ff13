"""The table of buckets is made by hand: on SQLite it is clustered by its key, which halves it and makes a span quick to read."""

import django.db.models.deletion
import opsconsole.lib.moments
from django.conf import settings
from django.db import migrations, models

BUCKET = ", ".join(
    ["series_id bigint NOT NULL", "size integer NOT NULL", "start bigint NOT NULL", "n bigint NOT NULL"]
    + [f"{name} double precision NOT NULL" for name in ("total", "low", "high")]
    + ["first double precision NOT NULL", "first_at bigint NOT NULL"]
    + ["last double precision NOT NULL", "last_at bigint NOT NULL", "histogram text NOT NULL"]
)


def table_create(_apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    binary, clustered = ("bytea", "") if postgres else ("blob", "WITHOUT ROWID")
    schema_editor.execute(
        f"CREATE TABLE metrics_bucket ({BUCKET}, seen {binary} NOT NULL, PRIMARY KEY (series_id, size, start)) {clustered}"
    )


def table_drop(_apps, schema_editor):
    schema_editor.execute("DROP TABLE metrics_bucket")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PushKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("prefix", models.CharField(max_length=8)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("last_used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                "verbose_name": "key for pushing metrics",
                "ordering": ("-created_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("labels", models.JSONField(default=dict)),
                ("fingerprint", models.CharField(max_length=64, unique=True)),
                ("slug", models.CharField(max_length=70, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("gauge", "A level, such as memory used"),
                            ("counter", "A counter that only grows, such as requests served"),
                            ("distribution", "Single observations, such as the duration of each request"),
                        ],
                        default="gauge",
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                ("unit", models.CharField(blank=True, max_length=20)),
                (
                    "part",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("latency", "Latency of its answers"),
                            ("errors", "Error rate, or errors"),
                            ("requests", "Requests"),
                            ("db_time", "Time in the database"),
                            ("cpu", "CPU"),
                            ("memory", "Memory"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "statistic",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mean", "mean"),
                            ("last", "newest value"),
                            ("rise", "growth"),
                            ("p50", "p50: half of all are below"),
                            ("p95", "p95: 95 of 100 are below"),
                            ("p99", "p99: 99 of 100 are below"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "better",
                    models.CharField(
                        choices=[("lower", "Less is better"), ("higher", "More is better")],
                        default="lower",
                        max_length=8,
                    ),
                ),
                ("target", models.FloatField(blank=True, null=True)),
                ("limit", models.FloatField(blank=True, null=True)),
                (
                    "every",
                    models.DurationField(
                        blank=True, help_text="How often it should come; empty: as it did.", null=True
                    ),
                ),
                ("last_at", opsconsole.lib.moments.MomentField(null=True)),
                ("last_value", models.FloatField(null=True)),
                ("usual_gap", models.FloatField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(help_text="When its kind last changed.")),
                (
                    "key",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="series",
                        to="metrics.pushkey",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="series",
                        to="catalogue.service",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "series",
                "ordering": ("title", "id"),
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(table_create, table_drop)],
            state_operations=[
                migrations.CreateModel(
                    name="Bucket",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "series_id",
                                "size",
                                "start",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "size",
                            models.PositiveIntegerField(
                                choices=[(60, "Minute"), (3600, "Hour"), (86400, "Day")]
                            ),
                        ),
                        ("start", models.PositiveBigIntegerField()),
                        ("n", models.PositiveBigIntegerField()),
                        ("total", models.FloatField()),
                        ("low", models.FloatField()),
                        ("high", models.FloatField()),
                        ("first", models.FloatField()),
                        ("first_at", models.PositiveBigIntegerField()),
                        ("last", models.FloatField()),
                        ("last_at", models.PositiveBigIntegerField()),
                        ("histogram", models.TextField(blank=True)),
                        ("seen", models.BinaryField()),
                        (
                            "series",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="metrics.series",
                            ),
                        ),
                    ],
                ),
            ],
        ),
        migrations.CreateModel(
            name="Stale",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "series_id", "start", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("start", models.PositiveBigIntegerField()),
                (
                    "series",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="metrics.series",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="series",
            index=models.Index(fields=["title", "id"], name="metrics_series_title"),
        ),
        migrations.AddIndex(
            model_name="series",
            index=models.Index(fields=["-changed_at"], name="metrics_series_changed"),
        ),
    ]
