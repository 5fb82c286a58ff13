from django.urls import path

from opsconsole.accounts.views import entrance, passwords, profile

app_name = "accounts"
urlpatterns = [
    path("sign-in/", entrance.sign_in, name="sign_in"),
    path("sign-out/", entrance.sign_out, name="sign_out"),
    path("password/", passwords.reset, name="password_reset"),
    path("password/sent/", passwords.reset_sent, name="password_reset_sent"),
    path("password/set/<uidb64>/<token>/", passwords.set_by_link, name="password_set"),
    path("settings/profile/", profile.page, name="profile"),
]
