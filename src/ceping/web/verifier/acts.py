"""What is done at the call desk: a number shown, a call recorded, an appointment made, a link sent."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from ceping.core.finding import fault
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act
from ceping.stages.verification.actions import (
    Conflict,
    Heard,
    make_appointment,
    record_attempt,
    reveal_phone,
    send_link,
)
from ceping.web.ui.door import door
from ceping.web.ui.moments import moment_of
from ceping.web.verifier.shown import desk_page, opened, reader


@never_cache
@sensitive_post_parameters()
@require_POST
@door(Act.RECORD_CALL)
def record(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The call is recorded and the next client comes; what was typed stands again when it is refused."""
    at, user, asked = timezone.now(), reader(request), request.POST
    one = opened(user, pk, at)
    try:
        again = _moment(asked.get("again", ""))
        answers = {question.id: asked.get(question.id, "") for question in one.board.table.questions}
        made = record_attempt(
            client=one.client,
            key=_key(asked.get("key", "")),
            heard=Heard(asked.get("disposition", ""), answers, asked.get("remark", "")),
            revision=int(asked.get("revision", "")) if asked.get("revision", "").isdecimal() else -1,
            again=again,
            by=user,
            at=at,
        )
    except Conflict as conflict:
        return desk_page(request, opened(user, pk, at), at, refused=conflict.findings, theirs=conflict.theirs)
    except Refused as refused:
        return desk_page(request, one, at, refused=refused.findings)
    titles = {outcome.code: outcome.title for outcome in one.board.table.dispositions}
    messages.success(request, f"已记下：{one.client.told('name')}，{titles[made.disposition]}")
    return redirect("verifier:desk")


@never_cache
@require_POST
@door(Act.RECORD_CALL, Act.REVEAL_PHONE)
def phone(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The whole number, into the page that asked; its reason is kept."""
    at, user = timezone.now(), reader(request)
    one = opened(user, pk, at)
    part = bool(request.headers.get("HX-Request"))
    try:
        number = reveal_phone(client=one.client, reason=request.POST.get("reason", ""), by=user, at=at)
    except Refused as refused:
        return desk_page(request, one, at, refused=refused.findings, part=part)
    return desk_page(request, one, at, number=number, part=part)


@require_POST
@door(Act.RECORD_CALL)
def appointment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The client asked to be called at another moment; nothing is recorded as a call."""
    at, user = timezone.now(), reader(request)
    one = opened(user, pk, at)
    try:
        # Nothing typed counts as a moment that has passed: the answer says what is wanted.
        on = _moment(request.POST.get("again", "")) or at
        make_appointment(client=one.client, on=on, note=request.POST.get("remark", ""), by=user, at=at)
    except Refused as refused:
        return desk_page(request, one, at, refused=refused.findings)
    messages.success(request, f"已约定 {timezone.localtime(on):%m月%d日 %H:%M} 再呼")
    return redirect("verifier:desk")


@sensitive_post_parameters()
@require_POST
@door(Act.RECORD_CALL)
def link(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A link to answer online goes out; its token is in the letter alone."""
    at, user = timezone.now(), reader(request)
    one = opened(user, pk, at)
    address = str(settings.SITE_URL) + reverse("public:answer", args=["TOKEN"]).replace("TOKEN", "{token}")
    try:
        sent = send_link(client=one.client, address=address, email=request.POST.get("email", ""), by=user, at=at)
    except Refused as refused:
        return desk_page(request, one, at, refused=refused.findings)
    until = timezone.localtime(sent.link.expires_at)
    messages.success(request, f"已发出{sent.link.get_channel_display()}，{until:%m月%d日 %H:%M} 前可以回答")
    return redirect("verifier:client", pk)


def _moment(text: str) -> datetime | None:
    """The moment typed; None where nothing was. Raises Refused for what is no moment."""
    found = moment_of(text)
    if text.strip() and found is None:
        raise Refused(fault("verify_appointment_unfit", place="again"))
    return found


def _key(text: str) -> UUID:
    """The press's own key. Raises Refused for a form that lost it."""
    try:
        return UUID(text)
    except ValueError:
        raise Refused(fault("verify_key_used")) from None
