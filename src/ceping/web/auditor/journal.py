"""The journal: filters in the address, a hundred entries a page from where the last one ended, export with a reason."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding, fault
from ceping.documents.excel import Sheet, write_workbook
from ceping.flow.audit import note_journal_export
from ceping.ground.journal.queries import Wanted, entries, heads
from ceping.ground.people.access import Refused
from ceping.ground.people.models import Institution, User
from ceping.ground.people.roles import Act
from ceping.stages.report.models import Entry
from ceping.stages.scheme.models import Season
from ceping.web.auditor.acts import ACTS, KINDS
from ceping.web.auditor.told import HEADS, told
from ceping.web.ui.door import door
from ceping.web.ui.moments import day_of
from ceping.web.ui.saved import csv_of, saved_as
from ceping.web.ui.staying import fresh_login

PAGE, MOST = 100, 50_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is looked for, as the address says it; what cannot be read counts as not said."""

    chain: str = ""
    person: str = ""
    act: str = ""
    kind: str = ""
    name: str = ""
    since: str = ""
    to: str = ""

    @classmethod
    def of(cls, asked: QueryDict) -> "Chosen":
        """The filters among what the address or a form says."""
        given = {name: asked.get(name, "").strip()[:60] for name in cls.__slots__}
        given["since"], given["to"] = (given[name] if _day(given[name]) else "" for name in ("since", "to"))
        return cls(**given)

    def said(self) -> dict[str, str]:
        """The filters that say something."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name))}

    def wanted(self) -> Wanted:
        """The same for the journal, which knows people and records by number alone."""
        people = None
        if self.person:
            people = list(User.objects.filter(name__icontains=self.person).values_list("pk", flat=True))
        since, to = _day(self.since), _day(self.to)
        keys = self._keys()
        kind = "entry" if keys is not None else self.kind
        until = to + timedelta(days=1) if to is not None else None
        return Wanted(self.chain, people, self.act, kind, keys, since, until)

    def _keys(self) -> list[str] | None:
        """The reports of the institutions of that name or credit code."""
        if not self.name:
            return None
        named = Institution.objects.filter(name__icontains=self.name) | Institution.objects.filter(uscc=self.name)
        return [str(pk) for pk in Entry.objects.filter(institution__in=named).values_list("pk", flat=True)]


@require_safe
@door(Act.READ_JOURNAL)
def page(request: HttpRequest) -> HttpResponseBase:
    """The entries asked for, from `before` on, and the heads of the chains."""
    return _page(request, Chosen.of(request.GET))


@require_POST
@door(Act.READ_JOURNAL)
@fresh_login
def export(request: HttpRequest) -> HttpResponseBase:
    """What is shown, all its pages, as CSV or workbook; the reason is in the journal before the file is made."""
    chosen = Chosen.of(request.POST)
    found = entries(chosen.wanted())
    count = found.count()
    if count > MOST:
        return _page(request, chosen, (fault("journal_too_much", count=count, most=MOST),))
    try:
        note_journal_export(
            filters=chosen.said(),
            count=count,
            reason=request.POST.get("reason", ""),
            by=cast("User", request.user),
            at=timezone.now(),
        )
    except Refused as refused:
        return _page(request, chosen, refused.findings)
    rows = [one.cells() for one in told(list(found[:MOST]))]
    if request.POST.get("form") == "xlsx":
        with TemporaryDirectory(prefix="ceping-journal-") as folder:
            path = Path(folder) / "journal.xlsx"
            write_workbook(
                path, [Sheet("操作日志", HEADS, [[str(cell) for cell in row] for row in rows])], title="操作日志"
            )
            return saved_as(path.read_bytes(), "操作日志.xlsx")
    return saved_as(csv_of(HEADS, rows), "操作日志.csv")


def _page(request: HttpRequest, chosen: Chosen, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    found = entries(chosen.wanted())
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: PAGE + 1])
    more = rows[PAGE - 1].pk if len(rows) > PAGE else None
    shown = {
        "lines": told(rows[:PAGE]),
        "more": more,
        "begun": bool(before),
        "address": urlencode(chosen.said()),
        "chosen": chosen,
        "acts": sorted(ACTS.items(), key=lambda pair: pair[1].encode("gb18030")),
        "kinds": KINDS.items(),
        "chains": [("platform", "平台"), *((f"season-{one.pk}", one.title) for one in Season.objects.all())],
        "heads": heads(),
        "refused": refused,
        "reason": request.POST.get("reason", ""),
        "nav_now": "journal",
    }
    return render(request, "auditor/journal.html", shown, status=422 if refused else 200)


def _day(text: str) -> datetime | None:
    day = day_of(text)
    return timezone.make_aware(datetime.combine(day, time.min)) if day is not None else None
