from django.urls import path

from opsconsole.accounts.views import audit, entrance, keys, passwords, people, profile, team

app_name = "accounts"
urlpatterns = [
    path("sign-in/", entrance.sign_in, name="sign_in"),
    path("sign-out/", entrance.sign_out, name="sign_out"),
    path("password/", passwords.reset, name="password_reset"),
    path("password/sent/", passwords.reset_sent, name="password_reset_sent"),
    path("password/set/<uidb64>/<token>/", passwords.set_by_link, name="password_set"),
    path("settings/", team.page, name="team"),
    path("settings/ping-key/renew/", team.ping_key_renew, name="ping_key_renew"),
    path("settings/profile/", profile.page, name="profile"),
    path("settings/profile/password/", profile.password, name="password"),
    path("settings/people/", people.page, name="people"),
    path("settings/people/invite/", people.invite, name="invite"),
    path("settings/people/<int:pk>/", people.person, name="person"),
    path("settings/people/<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("settings/people/<int:pk>/reactivate/", people.reactivate, name="reactivate"),
    path("settings/people/<int:pk>/invite/", people.invite_again, name="invite_again"),
    path("settings/keys/", keys.page, name="keys"),
    path("settings/keys/<int:pk>/revoke/", keys.revoke, name="revoke"),
    path("settings/audit/", audit.page, name="audit"),
    path("settings/sign-ins/", audit.sign_ins, name="sign_ins"),
]
