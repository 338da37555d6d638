"""A server that kills itself at named steps of an upload with a submit, and is started again at once.

A request says in the header `X-Kill` where to die, in `X-Twin` which protection to leave out. The steps are watched
from outside: signals of saved rows, the flush of the file store, the commit of the connection. Nothing in the product
knows of them.
"""

import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

STEPS = ("K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8", "K9", "K10", "K11", "K12", "K13")
AFTER_COMMIT = ("K12", "K13")
AT = datetime(2022, 3, 10, 2, 0, tzinfo=UTC)
_armed: dict[str, Any] = {"kill": "", "twin": "", "flushed": 0, "submitting": 0}


def reach(step: str) -> None:
    """The process ends here, at once and without a word, when it was asked to."""
    if step and _armed["kill"] == step:
        os.kill(os.getpid(), signal.SIGKILL)


def watch() -> None:
    """The named steps call `reach`."""
    from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: PLC0415 -- settings stand by now
    from django.db.models.signals import post_save  # noqa: PLC0415

    from ceping.ground.files import store  # noqa: PLC0415
    from ceping.ground.journal.models import Entry as Journal  # noqa: PLC0415
    from ceping.stages.report.actions import submit  # noqa: PLC0415
    from ceping.stages.report.models import Entry, Paper, Submission  # noqa: PLC0415

    for step, model in (("K7", Submission), ("K8", Paper), ("K9", Entry), ("K10", Journal)):
        post_save.connect(_saved(step), sender=model, weak=False)
    fsync, flush, allowed, commit = os.fsync, store._flush, submit.why_not_write, BaseDatabaseWrapper.commit

    def synced(descriptor: int) -> None:
        if _armed["twin"] == "unflushed":
            return
        fsync(descriptor)
        _armed["flushed"] += 1
        reach("K3" if _armed["flushed"] == 1 else "K5" if _armed["flushed"] == 3 else "")

    def flushed(folder: Any) -> None:
        reach("K4")
        flush(folder)

    def begun(*given: Any) -> Any:
        reach("K6")
        return allowed(*given)

    def committed(self: Any) -> None:
        if _armed["submitting"]:
            reach("K11")
        commit(self)
        if _armed["submitting"]:
            reach("K12")

    os.fsync, store._flush, submit.why_not_write = synced, flushed, begun  # type: ignore[assignment]
    BaseDatabaseWrapper.commit = committed  # type: ignore[method-assign]


def _saved(step: str) -> Callable[..., None]:
    def saved(**_: object) -> None:
        if _armed["twin"] == "torn" and step == "K7":
            connection.connection.commit()  # the transaction is cut in two
        if _armed["submitting"]:
            reach(step)

    return saved


def submit_view(request: HttpRequest) -> HttpResponseBase:
    """One file is kept, then the report submitted; answers the receipt."""
    from ceping.ground.files.store import keep, receive  # noqa: PLC0415
    from ceping.ground.people.access import NotAllowed  # noqa: PLC0415
    from ceping.stages.report.actions import submit_report  # noqa: PLC0415
    from ceping.stages.report.models import Entry  # noqa: PLC0415

    kill, twin = request.headers.get("X-Kill", ""), request.headers.get("X-Twin", "")
    _armed.update(kill=kill, twin=twin, flushed=0, submitting=0)
    reach("K1")
    if twin == "in place":
        _write_in_place(request.body)
    keep(receive(_pieces(request.body), most=1_000_000))
    _armed["submitting"] = 1
    entry = Entry.objects.get()
    by = entry.institution.grants.get().user
    chosen = entry.answers.get(field="categories").value[0]
    given: dict[str, Any] = {"entry": entry, "category": chosen, "let_stand": [], "by": by, "at": AT}
    key = UUID(request.headers["X-Key"])
    if twin == "early":
        return StreamingHttpResponse(_told_too_early(lambda: submit_report(key=key, **given).receipt))
    try:
        receipt = submit_report(key=key, **given).receipt
    except NotAllowed as refused:
        return HttpResponse(refused.findings[0].code)
    if kill == "K13":
        return StreamingHttpResponse(_half(receipt), headers={"Content-Length": str(len(receipt))})
    return HttpResponse(receipt)


def state_view(_request: HttpRequest) -> HttpResponseBase:
    """What the database holds: every submission with whether all that belongs to it is there."""
    from ceping.ground.journal.queries import breaks_in, heads  # noqa: PLC0415
    from ceping.stages.report.models import Entry, Submission  # noqa: PLC0415

    told = _submissions_told()
    entry = Entry.objects.get()
    submissions = [
        {
            "receipt": one.receipt,
            "whole": hasattr(one, "paper") and one.receipt in told,
            "withdrawn": one.withdrawn_at is not None,
        }
        for one in Submission.objects.select_related("paper").order_by("number")
    ]
    broken = [str(one) for head in heads() for one in breaks_in(head.chain)] + _torn_files()
    return JsonResponse({"state": entry.state, "submissions": submissions, "told": len(told), "broken": broken})


def mend_view(_request: HttpRequest) -> HttpResponseBase:
    """What a twin tore is taken away, so that the next one finds a draft."""
    from ceping.stages.report.models import Entry, Submission  # noqa: PLC0415
    from ceping.stages.report.states import EntryState  # noqa: PLC0415

    _armed.update(kill="", twin="", submitting=0)
    Submission.objects.filter(paper=None).delete()
    told = _submissions_told()
    for one in Submission.objects.exclude(receipt__in=told):
        one.paper.delete()
        one.delete()
    Entry.objects.update(state=EntryState.DRAFT)
    for file in _lying_under_a_hash():
        if file.name in _torn_files():
            file.unlink()
    return HttpResponse("ok")


def _submissions_told() -> set[str]:
    from ceping.ground.journal.models import Entry as Journal  # noqa: PLC0415

    return set(Journal.objects.filter(act="submit_report").values_list("body__receipt", flat=True))


def _lying_under_a_hash() -> list[Path]:
    from ceping.ground.files.store import lying  # noqa: PLC0415

    return [path for path in lying() if len(path.name) == 64]


def _torn_files() -> list[str]:
    """Names of files that are not what their name says."""
    return [path.name for path in _lying_under_a_hash() if sha256(path.read_bytes()).hexdigest() != path.name]


def _write_in_place(body: bytes) -> None:
    """What the store must never do: the bytes grow under their own name, and the process ends half-way."""
    from ceping.ground.files.store import place_of  # noqa: PLC0415

    path = place_of(sha256(body).hexdigest())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body[: len(body) // 2])
    reach("K2")


def withdraw_view(_request: HttpRequest) -> HttpResponseBase:
    """The submission in force is taken back, so that the next round has a draft."""
    from ceping.stages.report.actions import withdraw_report  # noqa: PLC0415
    from ceping.stages.report.models import Entry  # noqa: PLC0415

    _armed.update(kill="", twin="", submitting=0)
    entry = Entry.objects.get()
    withdraw_report(entry=entry, by=entry.institution.grants.get().user, at=AT)
    return HttpResponse("ok")


def orphans_view(_request: HttpRequest) -> HttpResponseBase:
    """Files of uploads that no row names are collected; answers how many there were, and are now."""
    from ceping.ground.files.actions import remove_unclaimed  # noqa: PLC0415
    from ceping.ground.files.store import lying  # noqa: PLC0415

    before = len(list(lying()))
    remove_unclaimed(before=datetime(2100, 1, 1, tzinfo=UTC))
    return JsonResponse({"before": before, "after": len(list(lying()))})


def _pieces(body: bytes) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    reach("K2")
    yield body[len(body) // 2 :]


def _half(receipt: str) -> Iterator[bytes]:
    yield receipt[: len(receipt) // 2].encode()
    reach("K13")


def _told_too_early(submit: Callable[[], str]) -> Iterator[bytes]:
    """What must never be: the receipt is told, and then the process ends before it is safe."""
    with transaction.atomic():
        yield submit().encode()
        os.kill(os.getpid(), signal.SIGKILL)


def _opened(view: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    from ceping.web.ui.door import door  # noqa: PLC0415

    opened: Any = door(public=True, writes_on_get=True)(csrf_exempt(view))
    return opened  # type: ignore[no-any-return]


urlpatterns = [
    path("submit/", _opened(submit_view)),
    path("state/", _opened(state_view)),
    path("withdraw/", _opened(withdraw_view)),
    path("mend/", _opened(mend_view)),
    path("orphans/", _opened(orphans_view)),
]
