"""How people say who they are: login name, phone, e-mail, or for an institution its credit code."""

import hashlib
import unicodedata
from ipaddress import ip_address, ip_network
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from ceping.core.phone import normalised
from ceping.ground.people.identity import note_identity_login
from ceping.ground.people.models import Grant, User
from ceping.ground.people.roles import Role
from ceping.ground.people.sealing import blind_index

# No name, address or number is longer.
_LONGEST = 254
# What one household or machine has at its own will, of addresses in the new form.
_OWN_BITS = 64


def user_named(given: str) -> User | None:
    """The one person meant by a login name, phone, e-mail address or credit code; None when nobody or more than one."""
    name = unicodedata.normalize("NFKC", given).strip()
    if not name or "\0" in name or len(name) > _LONGEST:
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


def user_with_grants(pk: int) -> User | None:
    """The person with `grants_in_force` at hand: what every request asks, in one query for whoever holds anything."""
    held = tuple(
        Grant.objects.filter(user=pk, revoked_at=None).select_related("user", "institution", "area").order_by("pk")
    )
    if not held:
        return User.objects.filter(pk=pk).first()
    user = held[0].user
    for grant in held:
        grant.user = user
    user.grants_in_force = held
    return user


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

    def get_user(self, user_id: int) -> User | None:
        """Who a session is of, with what they hold; None for a closed account."""
        user = user_with_grants(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come by invitation; nobody signs up at the door."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """No."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ANN401 -- allauth's own
        """Whose wrong passwords are counted: the account whatever it was called, for the network they come from."""
        given = str(credentials.get("username") or credentials.get("email") or "")
        user = user_named(given)
        who = f"user:{user.pk}" if user is not None else f"name:{unicodedata.normalize('NFKC', given).strip().lower()}"
        told = f"{who}@{_network(self.get_client_ip(request))}"
        return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()

    def post_login(self, request: HttpRequest, user: User, **told: Any) -> HttpResponse:  # noqa: ANN401 -- allauth's own
        """Somebody is in; who came by an identity provider's word stands in the journal as such."""
        answer: HttpResponse = super().post_login(request, user, **told)
        if "sociallogin" in (told.get("signal_kwargs") or {}):
            note_identity_login(by=user, at=timezone.now())
        return answer

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link under the configured address: what the request says of its host is anybody's word."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return f"{settings.SITE_URL}{path.replace('UID-KEY', key)}"


def _network(address: str) -> str:
    found = ip_address(address)
    return str(ip_network(f"{found}/{_OWN_BITS}", strict=False)) if found.version == 6 else str(found)
