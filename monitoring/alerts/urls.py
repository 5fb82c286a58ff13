from django.urls import path

from monitoring.alerts import grouping_views, inhibition_views, mute_views, rule_views, views

app_name = "alerts"
urlpatterns = [
    path("", views.board, name="list"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/end/", views.end, name="end"),
    path("rules/", rule_views.rule_list, name="rules"),
    path("rules/new/", rule_views.rule_new, name="rule_new"),
    path("rules/<int:pk>/", rule_views.rule_detail, name="rule"),
    path("rules/<int:pk>/edit/", rule_views.rule_edit, name="rule_edit"),
    path("rules/<int:pk>/switch/", rule_views.rule_switch, name="rule_switch"),
    path("rules/<int:pk>/remove/", rule_views.rule_remove, name="rule_remove"),
    path("mutes/", mute_views.mute_list, name="mutes"),
    path("mutes/silence/", mute_views.silence_new, name="silence_new"),
    path("mutes/silence/<int:pk>/end/", mute_views.silence_end, name="silence_end"),
    path("mutes/window/", mute_views.window_new, name="window_new"),
    path("mutes/window/<int:pk>/", mute_views.window_edit, name="window"),
    path("mutes/window/<int:pk>/remove/", mute_views.window_remove, name="window_remove"),
    path("mutes/window/<int:pk>/end/", mute_views.window_end, name="window_end"),
    path("grouping/", grouping_views.grouping, name="grouping"),
    path("inhibitions/", inhibition_views.inhibition_list, name="inhibitions"),
    path("inhibitions/new/", inhibition_views.inhibition_new, name="inhibition_new"),
    path("inhibitions/preview/", inhibition_views.inhibition_preview, name="inhibition_preview"),
    path("inhibitions/<int:pk>/", inhibition_views.inhibition_edit, name="inhibition"),
    path("inhibitions/<int:pk>/remove/", inhibition_views.inhibition_remove, name="inhibition_remove"),
    path("groups/<int:pk>/", views.group, name="group"),
]
