from django.urls import path

from opsconsole.outbox.views import channels, deliveries, pushing

app_name = "outbox"
urlpatterns = [
    path("channels/", channels.page, name="channels"),
    path("channels/new/", channels.choose, name="channel_choose"),
    path("channels/new/<slug:kind>/", channels.new, name="channel_new"),
    path("channels/<int:pk>/", channels.detail, name="channel"),
    path("channels/<int:pk>/edit/", channels.edit, name="channel_edit"),
    path("channels/<int:pk>/test/", channels.test, name="channel_test"),
    path("channels/<int:pk>/on/", channels.enable, name="channel_enable"),
    path("channels/<int:pk>/off/", channels.disable, name="channel_disable"),
    path("channels/<int:pk>/remove/", channels.remove, name="channel_remove"),
    path("channels/<int:pk>/restore/", channels.restore, name="channel_restore"),
    path("channels/<int:pk>/secret/", channels.secret, name="channel_secret"),
    path("channels/<int:pk>/secret/renew/", channels.renew, name="channel_renew"),
    path("devices/", pushing.devices, name="devices"),
    path("devices/key/", pushing.key, name="device_key"),
    path("devices/<int:pk>/forget/", pushing.forget, name="device_forget"),
    path("deliveries/", deliveries.page, name="deliveries"),
    path("deliveries/<int:pk>/", deliveries.detail, name="delivery"),
    path("deliveries/<int:pk>/progress/", deliveries.progress, name="progress"),
    path("deliveries/<int:pk>/retry/", deliveries.retry, name="retry"),
    path("deliveries/<int:pk>/cancel/", deliveries.cancel, name="cancel"),
]
