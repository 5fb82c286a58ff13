from django.urls import path

from monitoring.changes import views

app_name = "changes"
urlpatterns = [
    path("", views.change_list, name="list"),
    path("new/", views.change_new, name="new"),
    path("<int:pk>/", views.change_detail, name="detail"),
    path("<int:pk>/remove/", views.change_remove, name="remove"),
]
