"""From draft to published and back, by the table."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from incidents.postmortems import services
from incidents.postmortems.models import Postmortem
from incidents.postmortems.states import QUESTIONS, Status, is_late, missing
from incidents.response.models import Incident
from incidents.response.services import incident_note
from incidents.response.timeline import plain
from tests.conftest import NOW
from tests.incidents.postmortems.conftest import ANSWERS

FIELDS = ["root_cause", *(question.field for question in QUESTIONS)]


@given(st.sets(st.sampled_from(FIELDS)))
def test_it_wants_exactly_what_is_empty(answered):
    fields = {field: "x" if field in answered else " " for field in FIELDS}
    assert len(list(missing(Postmortem(**fields)))) == len(FIELDS) - len(answered)


@given(st.integers(min_value=-100_000, max_value=100_000))
def test_it_is_late_only_after_its_time(seconds):
    draft = Postmortem(status=Status.DRAFT, due_at=NOW, incident=Incident(status="resolved"))
    assert is_late(draft, NOW + timedelta(seconds=seconds)) == (seconds > 0)


@pytest.mark.django_db
class TestServices:
    def test_it_keeps_what_is_written(self, written, responder):
        assert (written.root_cause, written.version, written.saved_by) == (
            "connection pool exhausted", 2, responder,
        )  # fmt: skip

    def test_it_overwrites_nobody_unseen(self, written, manager, now):
        with pytest.raises(ValidationError, match="Rafi saved it while you wrote"):
            services.postmortem_save(actor=manager, postmortem=written, version=1, now=now, **ANSWERS)

    def test_it_wants_root_cause_and_answers(self, postmortem, responder, now):
        with pytest.raises(ValidationError, match="write the root cause, “What happened for customers"):
            services.postmortem_publish(actor=responder, postmortem=postmortem, now=now)

    def test_it_freezes_the_facts(self, written, responder, now):
        found = services.postmortem_publish(actor=responder, postmortem=written, now=now)
        incident_note(actor=responder, incident=written.incident, text="Too late", now=now)
        found.refresh_from_db()
        assert (found.status, found.published_by) == (Status.PUBLISHED, responder)
        assert "Too late" not in str(found.facts)

    def test_it_publishes_once(self, written, responder, manager, now):
        services.postmortem_publish(actor=responder, postmortem=written, now=now)
        found = services.postmortem_publish(actor=manager, postmortem=written, now=now)
        assert found.published_by == responder
        assert plain(written.incident.timeline.get(kind="reviewed")).endswith("connection pool exhausted")

    def test_it_is_not_changed_once_published(self, written, responder, now):
        services.postmortem_publish(actor=responder, postmortem=written, now=now)
        with pytest.raises(ValidationError, match="take it back to draft"):
            services.postmortem_save(actor=responder, postmortem=written, version=2, now=now, **ANSWERS)

    def test_it_is_taken_back_on_the_record(self, written, responder, now):
        services.postmortem_publish(actor=responder, postmortem=written, now=now)
        found = services.postmortem_revise(actor=responder, postmortem=written, now=now)
        assert (found.status, found.facts, found.published_at) == (Status.DRAFT, None, None)
        assert written.incident.timeline.filter(kind="revised").count() == 1

    def test_it_lets_no_viewer_write(self, written, viewer, now):
        for act in (services.postmortem_publish, services.postmortem_revise):
            with pytest.raises(PermissionDenied):
                act(actor=viewer, postmortem=written, now=now)
