from django.urls import path

from maintenance.checklists.views import acts, runs, templates

app_name = "checklists"
urlpatterns = [
    path("", templates.listing, name="list"),
    path("new/", templates.create, name="new"),
    path("<int:pk>/", templates.detail, name="template"),
    path("<int:pk>/edit/", templates.edit, name="edit"),
    path("<int:pk>/rest/", templates.rest, name="rest"),
    path("<int:pk>/wake/", templates.wake, name="wake"),
    path("<int:pk>/items/new/", templates.item_new, name="item_new"),
    path("items/<int:pk>/edit/", templates.item_edit, name="item_edit"),
    path("items/<int:pk>/move/", templates.item_move, name="item_move"),
    path("items/<int:pk>/remove/", templates.item_remove, name="item_remove"),
    path("runs/", runs.listing, name="runs"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/sign-off/", runs.sign_off, name="sign_off"),
    path("runs/<int:pk>/hand-over/", runs.hand_over, name="hand_over"),
    path("runs/<int:pk>/read-again/", runs.read_again, name="read_again"),
    path("answers/<int:pk>/", acts.answer, name="answer"),
    path("answers/<int:pk>/done/", acts.done, name="done"),
    path("answers/<int:pk>/undo/", acts.undo, name="undo"),
    path("answers/<int:pk>/value/", acts.value, name="value"),
    path("answers/<int:pk>/note/", acts.note, name="note"),
    path("answers/<int:pk>/skip/", acts.skip, name="skip"),
    path("answers/<int:pk>/incident/", acts.incident, name="incident"),
]
