"""Institutions put down by the security officer, before anybody of theirs has come."""

from datetime import datetime

from django.db import transaction

from ceping.core import uscc as codes
from ceping.core.finding import fault
from ceping.core.names import hidden_in, is_blank
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import Area, Institution, User
from ceping.ground.people.standing import is_officer

_NAME = 200


@transaction.atomic
def add_institution(*, uscc: str, name: str, area: Area, by: User, at: datetime) -> tuple[Institution, bool]:
    """The institution of that credit code, and whether it is new here; one that stands keeps its name and area.

    A code whose check character fails is taken: such codes were given out. Raises NotAllowed; Refused for no code or
    name.
    """
    if not is_officer(by):
        raise NotAllowed(fault("people_not_yours"))
    code, name = codes.normalised(uscc), name.strip()
    if len(code) != codes.LENGTH or set(code) - set(codes.ALPHABET):
        raise Refused(fault("people_uscc_wrong", place="uscc"))
    if is_blank(name) or len(name) > _NAME or hidden_in(name):
        raise Refused(fault("people_institution_name_wanted", place="name"))
    one, made = Institution.objects.get_or_create(uscc=code, defaults={"name": name, "area": area, "created_at": at})
    if made:
        record("add_institution", by=by, at=at, about=("institution", one.pk), body={"uscc": code, "area": area.pk})
    return one, made
