"""The page of errors that trackers have told of."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from monitoring.inbound.issues import issues, page_of
from monitoring.inbound.models import ErrorIssue
from opsconsole.lib.htmx import page


@require_safe
def error_list(request: HttpRequest) -> HttpResponse:
    """Open errors, the last that happened first; `?all=1` those that are dealt with too."""
    words, every = request.GET.get("q", "").strip()[:100], request.GET.get("all") == "1"
    found = page_of(issues(words=words, every=every), request.GET.get("after"))
    narrowed = bool(words) or ErrorIssue.objects.exists()
    context = {
        "page": found,
        "words": words,
        "every": every,
        "narrowed": narrowed,
        "open": issues().count(),
    }
    return page(request, "inbound/errors.html", context, partial="errors")
