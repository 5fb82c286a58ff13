"""The four severities: the stricter of each target that teams commonly promise. A manager can change them."""

from django.db import migrations

HOUR, DAY = 60, 1440
SEVERITIES = [
    {
        "level": 0,
        "title": "Critical",
        "criteria": "Nobody can use the product, or nobody can pay.\n"
        "Data is lost or wrong.\n"
        "Somebody got in who should not have.",
        "acknowledge_minutes": 5,
        "resolve_minutes": HOUR,
        "update_minutes": 30,
        "postmortem_required": True,
    },
    {
        "level": 1,
        "title": "High",
        "criteria": "A main feature is broken or too slow to work with.\n"
        "More than half of the users notice.\n"
        "An integration that customers rely on has failed.",
        "acknowledge_minutes": HOUR,
        "resolve_minutes": 4 * HOUR,
        "update_minutes": HOUR,
        "postmortem_required": True,
    },
    {
        "level": 2,
        "title": "Medium",
        "criteria": "A minor feature is broken, or some customers are affected.\n"
        "More errors than usual, and there is a way around them.",
        "acknowledge_minutes": 4 * HOUR,
        "resolve_minutes": DAY,
        "update_minutes": DAY,
        "postmortem_required": False,
    },
    {
        "level": 3,
        "title": "Low",
        "criteria": "Only looks wrong, or only we notice.\nIt can wait for normal working hours.",
        "acknowledge_minutes": 8 * HOUR,
        "resolve_minutes": 7 * DAY,
        "update_minutes": 7 * DAY,
        "postmortem_required": False,
    },
]


def seed(apps, _schema_editor):
    policy = apps.get_model("response", "SeverityPolicy")
    for fields in SEVERITIES:
        policy.objects.get_or_create(level=fields["level"], defaults=fields)


class Migration(migrations.Migration):
    dependencies = [("response", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
