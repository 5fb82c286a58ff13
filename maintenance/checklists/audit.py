"""What of checklists the audit trail keeps: who changed a template, who signed, who settled what."""

from auditlog.registry import auditlog

from maintenance.checklists.models import Answer, Item, Run, Template
from maintenance.checklists.words import MONTHS, ORDINALS, WEEKDAYS
from opsconsole.accounts.stored import codes

auditlog.register(
    Template,
    exclude_fields=["next_at", "leased_until"],
    mapping_fields={
        "slug": "short name",
        "wall": "time of day",
        "zone_name": "time zone",
        "ordinal": "which of the month",
        "owner_role": "signed off by",
        "expected_minutes": "minutes it takes",
        "deadline_minutes": "minutes until it counts as missed",
        "is_active": "comes again",
    },
)
auditlog.register(
    Item,
    mapping_fields={
        "template": "checklist",
        "help": "how to find out",
        "kind": "who answers",
        "binding": "answered from",
        "window_hours": "hours a measure looks back",
        "better": "better is",
        "freshness_minutes": "minutes an answer stays fresh",
        "answer_kind": "a person gives",
    },
)
auditlog.register(
    Run,
    include_fields=["status", "signed_at", "signed_by", "handed_to"],
    mapping_fields={"signed_at": "signed off", "signed_by": "signed off by"},
)
auditlog.register(
    Answer,
    include_fields=["settled", "settled_by", "note", "skip_reason", "incident_number", "number", "text"],
    mapping_fields={"settled": "what was done", "settled_by": "by whom", "text": "answer"},
)

for field, words in {
    "weekdays": dict(enumerate(WEEKDAYS)),
    "ordinal": ORDINALS | {0: "each"},
    "months": dict(enumerate(MONTHS, 1)),
}.items():
    codes.register(f"checklists.Template.{field}", {str(code): said for code, said in words.items()})
