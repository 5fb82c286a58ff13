from django.urls import path

from opsconsole.inmail import views

app_name = "inmail"
urlpatterns = [
    path("settings/mail/", views.page, name="page"),
    path("settings/mail/key/", views.key, name="key"),
    path("in/email/<str:key>", views.door, name="door"),
]
