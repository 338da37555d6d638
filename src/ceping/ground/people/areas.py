"""The areas that recommend, kept by the security officer: added, renamed, taken away while nothing hangs on them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import Area, User
from ceping.ground.people.roles import Role
from ceping.ground.people.standing import is_officer

_CODE, _NAME = 32, 64


def areas_with_counts() -> QuerySet[Any]:
    """Every area with how many institutions and recommenders it has."""
    people = Q(grants__role=Role.RECOMMENDER, grants__revoked_at=None)
    return Area.objects.annotate(
        institution_count=Count("institutions", distinct=True),
        people_count=Count("grants", filter=people, distinct=True),
    )


@transaction.atomic
def add_area(*, code: str, name: str, kind: str, by: User, at: datetime) -> Area:
    """A new area at the end of the list. Raises NotAllowed; Refused for a name or code that is taken or empty."""
    _check(by)
    code, name = code.strip(), name.strip()
    taken = Area.objects.filter(Q(code=code) | Q(name=name)).exists()
    if taken or not (0 < len(code) <= _CODE and 0 < len(name) <= _NAME) or kind not in {"district", "association"}:
        raise Refused(fault("people_area_taken", place="name", name=name or code))
    last = Area.objects.aggregate(last=Max("order"))["last"] or 0
    area = Area.objects.create(code=code, name=name, kind=kind, order=last + 1)
    record("add_area", by=by, at=at, about=("area", area.pk), body={"code": code, "name": name, "kind": kind})
    return area


@transaction.atomic
def rename_area(*, area: Area, name: str, by: User, at: datetime, reason: str) -> Area:
    """The area bears another name everywhere it is not frozen. Raises NotAllowed, Refused."""
    _check(by)
    if not reason.strip():
        raise Refused(fault("people_reason_wanted"))
    held = Area.objects.select_for_update().get(pk=area.pk)
    name = name.strip()
    if not 0 < len(name) <= _NAME or Area.objects.filter(name=name).exists():
        raise Refused(fault("people_area_taken", place="name", name=name))
    body = {"before": held.name, "name": name}
    held.name = name
    held.save(update_fields=["name"])
    record("rename_area", by=by, at=at, about=("area", held.pk), reason=reason.strip(), body=body)
    return held


@transaction.atomic
def close_area(*, area: Area, by: User, at: datetime, reason: str) -> None:
    """The area is no more. Raises NotAllowed; Refused while an institution, a person or a record hangs on it."""
    _check(by)
    if not reason.strip():
        raise Refused(fault("people_reason_wanted"))
    held = Area.objects.select_for_update().get(pk=area.pk)
    counted = areas_with_counts().get(pk=held.pk)
    hanging = counted.institution_count + counted.people_count
    if hanging or any(_rows(held)):
        raise Refused(fault("people_area_used", name=held.name, count=str(hanging)))
    body, key = {"code": held.code, "name": held.name}, held.pk
    held.delete()
    record("close_area", by=by, at=at, about=("area", key), reason=reason.strip(), body=body)


def _rows(area: Area) -> list[bool]:
    """Whether any record of any stage names the area: those are kept, so the area is."""
    found = []
    for relation in Area._meta.related_objects:  # noqa: SLF001 -- Django's documented door
        rows = relation.related_model._base_manager  # noqa: SLF001 -- as above
        found.append(rows.filter(**{relation.field.name: area}).exists())
    return found


def _check(by: User) -> None:
    if not is_officer(by):
        raise NotAllowed(fault("people_not_yours"))
