"""The words of messages by event and role: looked at as they will be read, changed, and back to the shipped ones."""

import string

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from ceping.core.finding import Finding
from ceping.ground.messages.actions import change_template, restore_template
from ceping.ground.messages.events import EVENT_NAMES, SHIPPED, Event, Words, shipped
from ceping.ground.messages.models import Template
from ceping.ground.messages.words import PLACEHOLDERS, faults_in_words, preview
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import ROLE_NAMES, Act, Role
from ceping.web.office.chosen import in_words, reader
from ceping.web.ui.door import door


@require_safe
@door(Act.CHANGE_CALENDAR)
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every event with the roles that are told of it, and which of them have other words or none."""
    changed = {(row.event, row.role): row for row in Template.objects.all()}
    rows = [
        (
            name,
            [
                (event, role, word, changed.get((event, role)))
                for role, word in ROLE_NAMES.items()
                if shipped(event, role)
            ],
        )
        for event, name in EVENT_NAMES.items()
    ]
    return render(request, "office/templates.html", {"nav_now": "templates", "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@door(Act.CHANGE_CALENDAR)
def words(request: HttpRequest, event: str, role: str) -> HttpResponseBase:
    """One event for one role: with `do` previewed, saved, or put back."""
    meant = _meant(event, role)
    if meant is None:
        raise Http404
    which, whose, given = meant
    row = Template.objects.select_related("changed_by").filter(event=which, role=whose).first()
    now = Words(row.subject, row.body, by_mail=row.by_mail) if row else given
    typed, enabled, refused = now, row is None or row.enabled, tuple[Finding, ...]()
    by, at, asked = reader(request), timezone.now(), request.POST
    if request.method == "POST":
        typed, enabled = (
            Words(asked.get("subject", ""), asked.get("body", "").replace("\r\n", "\n"), by_mail="by_mail" in asked),
            "enabled" in asked,
        )
        try:
            match asked.get("do", ""):
                case "restore":
                    restore_template(event=which, role=whose, by=by, at=at)
                    messages.success(request, "已恢复原文")
                    return redirect("office:template", event=which, role=whose)
                case "save":
                    change_template(event=which, role=whose, words=typed, enabled=enabled, by=by, at=at)
                    messages.success(request, "已保存，下一条消息起使用")
                    return redirect("office:template", event=which, role=whose)
                case "look":
                    pass
                case _:
                    raise Http404
        except Refused as told:
            refused = told.findings
    found = [*faults_in_words(typed.subject, place="subject"), *faults_in_words(typed.body, place="body")]
    refused = refused or tuple(found)
    shown = {
        "nav_now": "templates",
        "event": which,
        "event_name": EVENT_NAMES[which],
        "role": whose,
        "role_name": ROLE_NAMES[whose],
        "row": row,
        "typed": typed,
        "enabled": enabled,
        "refused": in_words(refused),
        "looked": None if found else (preview(typed.subject), preview(typed.body)),
        "names": [(f"{{{name}}}", PLACEHOLDERS[name]) for name in _filled_for(which)],
    }
    return render(request, "office/template.html", shown, status=422 if refused else 200)


def _meant(event: str, role: str) -> tuple[Event, Role, Words] | None:
    """The event, the role, and the shipped words; None where nothing is ever told."""
    if event not in set(Event) or role not in set(Role):
        return None
    given = shipped(Event(event), Role(role))
    return (Event(event), Role(role), given) if given is not None else None


def _filled_for(event: Event) -> list[str]:
    """The names that certainly have a value when that event is told, in the order of the dictionary."""
    texts = [text for (one, _), words in SHIPPED.items() if one is event for text in (words.subject, words.body)]
    used = {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}
    return [name for name in PLACEHOLDERS if name in used | {"name", "role"}]
