from django.urls import path

from opsconsole.outbox import views

app_name = "outbox"
urlpatterns = [
    path("deliveries/<int:pk>/", views.delivery, name="delivery"),
]
