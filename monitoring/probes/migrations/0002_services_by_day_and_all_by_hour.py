"""Two tables that say what the buckets say, added up: services by day, and all probes together by hour. Both are filled here."""

import django.db.models.deletion
from django.db import migrations, models

from opsconsole.lib import histograms

DAYS = """
INSERT INTO probes_serviceday (service_id, start, measured, slow, down)
SELECT p.service_id, b.start, MAX(b.up + b.degraded + b.down), MAX(b.degraded), MAX(b.down)
FROM probes_probe p JOIN probes_bucket b ON b.probe_id = p.id AND b.size = 86400 GROUP BY 1, 2
"""
HOURS = """
SELECT b.start, SUM(b.up + b.degraded + b.down), SUM(b.unknown), SUM(b.runs), SUM(b.failures), {join}(b.histogram, ' ')
FROM probes_probe p JOIN probes_bucket b ON b.probe_id = p.id AND b.size = 3600 AND b.start >= %s AND b.start < %s GROUP BY 1
"""
STEP = 30 * 86400


def fill(_apps, schema_editor):
    join = "string_agg" if schema_editor.connection.vendor == "postgresql" else "group_concat"
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(DAYS)
        cursor.execute("SELECT MIN(start), MAX(start) FROM probes_bucket WHERE size = 3600")
        first, last = cursor.fetchone()
        for start in range(first or 0, (last or -1) + 1, STEP):
            cursor.execute(HOURS.format(join=join), [start, start + STEP])
            rows = [
                (*row[:-1], histograms.encode(histograms.decode(row[-1] or ""))) for row in cursor.fetchall()
            ]
            cursor.executemany("INSERT INTO probes_hour VALUES (%s, %s, %s, %s, %s, %s)", rows)


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_initial"),
        ("probes", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Hour",
            fields=[
                (
                    "start",
                    models.PositiveBigIntegerField(
                        help_text="Seconds since 1970.", primary_key=True, serialize=False
                    ),
                ),
                ("measured", models.PositiveBigIntegerField(help_text="Milliseconds up, slow or down.")),
                ("unknown", models.PositiveBigIntegerField(help_text="Milliseconds.")),
                ("runs", models.PositiveIntegerField()),
                ("failures", models.PositiveIntegerField()),
                ("histogram", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="ServiceDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "service_id", "start", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("start", models.PositiveBigIntegerField(help_text="Seconds since 1970.")),
                ("measured", models.PositiveBigIntegerField()),
                ("slow", models.PositiveBigIntegerField()),
                ("down", models.PositiveBigIntegerField()),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="catalogue.service"
                    ),
                ),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
