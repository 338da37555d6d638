"""How people say who they are: login name, phone, e-mail, or for an institution its credit code."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from ceping.core.phone import normalised
from ceping.ground.people.models import Grant, User
from ceping.ground.people.roles import Role
from ceping.ground.people.sealing import blind_index


def user_named(given: str) -> User | None:
    """The one person meant by a login name, phone, e-mail address or credit code; None when nobody or more than one."""
    name = given.strip()
    if not name:
        return None
    found = User.objects.filter(login__iexact=name).first()
    if found is None and "@" in name:
        by_mail = list(User.objects.filter(email__iexact=name)[:2])
        found = by_mail[0] if len(by_mail) == 1 else None
    if found is None:
        found = User.objects.filter(phone_index=blind_index(normalised(name), kind="phone")).first()
    if found is None:
        main = Grant.objects.filter(
            role=Role.INSTITUTION, institution__uscc=name.upper(), main=True, revoked_at=None
        ).select_related("user")
        grant = main.first()
        found = grant.user if grant is not None else None
    return found


class NameBackend(ModelBackend):
    """Checks the password of whoever is meant; an unknown name takes as long as a wrong password."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002 -- Django's own signature
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,  # noqa: ANN401 -- as above
    ) -> User | None:
        """The user, or None."""
        given = username or kwargs.get("email") or ""
        if not given or password is None:
            return None
        user = user_named(given)
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come by invitation; nobody signs up at the door."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """No."""
        return False
