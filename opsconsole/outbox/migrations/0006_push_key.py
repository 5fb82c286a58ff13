from django.db import migrations, models

import opsconsole.lib.secrets


class Migration(migrations.Migration):
    dependencies = [("outbox", "0005_fallbacks_and_endings")]

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
                ("config", opsconsole.lib.secrets.EncryptedJSONField(default=dict)),
            ],
        ),
    ]
