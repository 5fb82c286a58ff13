from django.urls import path

from opsconsole.boards.shipped import SHIPPED
from opsconsole.boards.views import changing, reading, wall

app_name = "boards"
urlpatterns = [
    path("", reading.board_list, name="list"),
    path("new/", changing.board_new, name="new"),
    path("wall/", wall.wall, name="wall"),
    *(path(f"{slug}/", reading.board, {"slug": slug}, name=slug) for slug in SHIPPED),
    path("<slug:slug>/", reading.board, name="own"),
    path("<slug:slug>/arrange/", changing.arrange, name="arrange"),
    path("<slug:slug>/reset/", changing.reset, name="reset"),
    path("<slug:slug>/undo/", changing.undo, name="undo"),
    path("<slug:slug>/edit/", changing.board_edit, name="edit"),
    path("<slug:slug>/remove/", changing.board_remove, name="remove"),
    path("<slug:slug>/restore/", changing.board_restore, name="restore"),
]
