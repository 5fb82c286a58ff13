"""Rows of the department for tests."""

from datetime import datetime, time, timedelta
from typing import Any

from maintenance.checklists.models import Answer, Item, Run, Template
from maintenance.checklists.states import Source
from opsconsole.measures.verdicts import Verdict
from tests.conftest import NOW


def template(name: str = "Morning", **fields: Any) -> Template:
    """Every day at nine in the team's zone."""
    slug = name.lower().replace(" ", "-")
    return Template.objects.create(**{"name": name, "slug": slug, "wall": time(9), "next_at": NOW} | fields)


def item(of: Template, question: str = "Is it up?", **fields: Any) -> Item:
    return Item.objects.create(template=of, question=question, position=of.items.count() + 1, **fields)


def run(of: Template | None = None, due_at: datetime = NOW, **fields: Any) -> Run:
    """Open since it was due, to be signed off within two hours."""
    of = of or template()
    defaults = {"name": of.name, "opened_at": due_at, "deadline_at": due_at + timedelta(hours=2)}
    return Run.objects.create(template=of, due_at=due_at, **defaults | fields)


def answer(of: Run, question: str = "Payments went through", **fields: Any) -> Answer:
    """A manual item that nobody has answered."""
    return Answer.objects.create(run=of, question=question, position=of.answers.count() + 1, **fields)


def found(of: Run, verdict: str = Verdict.OK, question: str = "Every service is up", **fields: Any) -> Answer:
    """An answer that the machine gave when the run opened."""
    defaults = {
        "kind": "check",
        "binding": "probes.all_up",
        "source": Source.MACHINE,
        "read_at": of.opened_at,
    }
    return answer(of, question, verdict=verdict, **defaults | fields)
