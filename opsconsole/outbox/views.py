"""Pages of channels and deliveries."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from opsconsole.outbox.models import Delivery


def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "outbox/delivery.html", {"delivery": get_object_or_404(Delivery, pk=pk)})
