from django.urls import path

from opsconsole.boards import views
from opsconsole.boards.shipped import SHIPPED

app_name = "boards"
urlpatterns = [
    path("", views.board_list, name="list"),
    *(path(f"{slug}/", views.board, {"slug": slug}, name=slug) for slug in SHIPPED),
]
