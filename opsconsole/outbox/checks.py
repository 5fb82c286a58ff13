"""What checklists can ask of the outbox."""

from datetime import datetime

from django.urls import reverse

from opsconsole.measures.checks import Evidence, check
from opsconsole.measures.verdicts import Verdict
from opsconsole.outbox.models import Channel
from opsconsole.outbox.states import channel_standing


@check("outbox.channels_work", title="Every channel works")
def channels_work(now: datetime) -> Evidence:
    """Bad when one is closed by an error or failing; not verified when there is none, or one that nothing went through."""
    switched_on = Channel.objects.open() | Channel.objects.exclude(disabled_reason="")
    standings = [(channel.name, channel_standing(channel)) for channel in switched_on.distinct()]
    broken = [name for name, standing in standings if standing.tone == "bad"]
    untried = [name for name, standing in standings if standing.tone == "unknown"]
    works = len(standings) - len(broken) - len(untried)
    if broken:
        verdict, detail = Verdict.BAD, f"Messages do not get through: {', '.join(broken)}."
    elif not standings:
        verdict, detail = Verdict.UNKNOWN, "No channel is open: nobody would hear of an incident."
    elif untried:
        verdict, detail = Verdict.UNKNOWN, f"Nothing has gone through yet: {', '.join(untried)}. Send a test."
    else:
        verdict, detail = Verdict.OK, "The last message through each was taken."
    return Evidence(verdict, f"{works} of {len(standings)}", detail, reverse("outbox:channels"), now)
