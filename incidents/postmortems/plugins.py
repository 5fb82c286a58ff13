"""What postmortems add to the response: kinds of timeline entries, and what was learnt from earlier incidents."""

from collections.abc import Collection

from incidents.postmortems.models import Postmortem
from incidents.postmortems.states import Status
from incidents.response.causes import learnt
from incidents.response.timeline import Kind, kinds

_KINDS = {
    "postmortem": Kind("The postmortem is drafted; it is due {{ due_at|date:'j M H:i T' }}"),
    "reviewed": Kind("{{ by }} published the postmortem: {{ root_cause }}", "ok"),
    "revised": Kind("{{ by }} took the postmortem back to draft", "look"),
    "review_late": Kind("The postmortem is late", "bad"),
    "action": Kind(
        "{{ by }} gave {{ owner }} an action until {% if due_on %}{{ due_on|date:'j M Y' }}{% else %}{{ due }}{% endif %}: {{ title }}"
    ),
    "action_done": Kind("{{ by }} finished an action: {{ title }}", "ok"),
    "action_reopened": Kind("{{ by }} reopened an action: {{ title }}"),
    "action_late": Kind("An action of {{ owner }} is late: {{ title }}", "bad"),
}
for _name, _kind in _KINDS.items():
    kinds.register(_name, _kind)


def root_causes(incident_ids: Collection[int]) -> dict[int, str]:
    published = Postmortem.objects.filter(incident_id__in=incident_ids, status=Status.PUBLISHED)
    return dict(published.values_list("incident_id", "root_cause"))


learnt.register("postmortems", root_causes)
