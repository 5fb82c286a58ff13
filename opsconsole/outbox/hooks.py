"""Where providers call back; apart from `urls`, since these addresses stand outside of the settings."""

from django.urls import path

from opsconsole.outbox.views import buttons, hooks

urlpatterns = [
    path("twilio/<str:token>/", hooks.twilio, name="hook_twilio"),
    path("slack/<str:token>/", buttons.slack, name="hook_slack"),
    path("telegram/<str:token>/", buttons.telegram, name="hook_telegram"),
]
