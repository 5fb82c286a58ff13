"""Where providers call back; apart from `urls`, since these addresses stand outside of the settings."""

from django.urls import path

from opsconsole.outbox.views import hooks

urlpatterns = [
    path("twilio/<str:token>/", hooks.twilio, name="hook_twilio"),
]
