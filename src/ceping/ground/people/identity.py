"""People known by an identity provider: found by what it vouches for, linked once, logged in; nobody is made."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction

from ceping.core.finding import fault
from ceping.core.phone import normalised
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.sealing import blind_index

_LONGEST = 191
_LINKS: str = "socialaccount.SocialAccount"
# What the person says of themselves until the provider says beside it that it looked.
_VOUCHED = {"email": "email_verified", "phone_number": "phone_number_verified"}


def person_claimed(claims: Mapping[str, Any], claim: str) -> User | None:
    """The one account that the claim names: by address or phone the provider verified, by any other the login name.

    None for nobody, for more than one, for a claim not vouched for, and for people of the demo.
    """
    value = claims.get(claim) if claim else None
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        return None
    if claim in _VOUCHED and claims.get(_VOUCHED[claim]) is not True:
        return None
    people = User.objects.filter(demo=False)
    match claim:
        case "email":
            found = list(people.filter(email__iexact=value.strip())[:2])
        case "phone_number":
            index = blind_index(normalised(value), kind="phone")
            found = list(people.filter(phone_index=index)) if index else []
        case _:
            found = list(people.filter(login=value.strip()))
    return found[0] if len(found) == 1 else None


def links_of(user: User) -> list[Any]:
    """The links of a person, oldest first."""
    return list(_links().objects.filter(user=user).order_by("pk"))


@transaction.atomic
def link_identity(*, user: User, provider: str, subject: str, source: str, by: User, at: datetime) -> Any:  # noqa: ANN401 -- allauth carries no types
    """The provider's subject is this person from now on; again changes nothing. Answers allauth's row.

    `source` is the claim they were found by, or "self" where they asked for it logged in. Raises Refused for an
    account that is closed or of the demo, a subject that is somebody else, a person linked to another subject (an
    address given to a successor must not open the account of whoever had it before).
    """
    if by.pk != user.pk:
        raise NotAllowed(fault("people_not_yours"))
    if not subject or len(subject) > _LONGEST:
        raise Refused(fault("people_identity_unreadable"))
    held = User.objects.select_for_update().get(pk=user.pk)
    if not held.is_active or held.demo:
        raise Refused(fault("people_identity_unknown"))
    rows = _links().objects
    known = rows.select_related("user").filter(provider=provider, uid=subject).first()
    if known is not None and known.user_id != held.pk:
        raise Refused(fault("people_identity_taken"))
    if known is not None:
        return known
    if rows.filter(provider=provider, user=held).exists():
        raise Refused(fault("people_identity_other"))
    made = rows.create(user=held, provider=provider, uid=subject, extra_data={})
    record("link_identity", by=by, at=at, about=("user", held.pk), body={"source": source})
    return made


@transaction.atomic
def unlink_identity(*, link: int, by: User, at: datetime) -> None:
    """The own link ends. Raises Refused when it is gone already, or without it nobody could log in."""
    held = User.objects.select_for_update().get(pk=by.pk)
    row = _links().objects.filter(pk=link, user=held).first()
    if row is None:
        raise Refused(fault("people_identity_gone"))
    if not held.has_usable_password():
        raise Refused(fault("people_identity_only"))
    row.delete()
    record("unlink_identity", by=by, at=at, about=("user", held.pk))


def note_identity_login(*, by: User, at: datetime) -> None:
    """Somebody came in by the provider's word, second factor included."""
    record("log_in_by_identity", by=by, at=at, about=("user", by.pk))


def _links() -> Any:  # noqa: ANN401 -- as above; the model is there only where a provider is configured
    model: Any = apps.get_model(_LINKS)
    return model
