"""Days are folded hour by hour: a mark of days says besides how far they are folded when the day began that is going on."""

from django.db import migrations, models

BEGUN = "UPDATE probes_fold SET begun = until WHERE size = 86400"


class Migration(migrations.Migration):
    dependencies = [("probes", "0002_services_by_day_and_all_by_hour")]

    operations = [
        migrations.AddField(
            model_name="fold",
            name="begun",
            field=models.PositiveBigIntegerField(
                default=0, help_text="Of days: when the one began that is going on at `until`."
            ),
        ),
        migrations.RunSQL(BEGUN, migrations.RunSQL.noop),
    ]
