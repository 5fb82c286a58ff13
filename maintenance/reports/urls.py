from django.urls import path

from maintenance.reports import views

app_name = "reports"
urlpatterns = [
    path("weekly/", views.weekly_list, name="weekly_list"),
    path("weekly/<str:week>/", views.weekly, name="weekly"),
    path("weekly/<str:week>/figures.csv", views.weekly_csv, name="weekly_csv"),
    path("weekly/<str:week>/comments/", views.comment_add, name="comment_add"),
    path("comments/<int:pk>/withdraw/", views.comment_withdraw, name="comment_withdraw"),
    path("comments/<int:pk>/restore/", views.comment_restore, name="comment_restore"),
]
