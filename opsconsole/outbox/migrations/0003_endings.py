"""Channels can be told of certificates and domains that end; those that are told of everything are told of these too."""

from django.db import migrations, models

EVERYTHING = {"incidents", "checklists", "reports", "console"}


def tell(apps, _schema):
    for channel in apps.get_model("outbox", "Channel")._base_manager.all():
        if set(channel.topics) >= EVERYTHING and "endings" not in channel.topics:
            channel.topics = [*channel.topics, "endings"]
            channel.save(update_fields=["topics"])


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0002_receipts_and_replies"),
    ]

    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="topic",
            field=models.CharField(
                choices=[
                    ("incidents", "Incidents"),
                    ("checklists", "Checklists that are missed or handed over"),
                    ("reports", "Reports"),
                    ("endings", "Certificates and domains that end soon"),
                    ("console", "Trouble of the console itself"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
