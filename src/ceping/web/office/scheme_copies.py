"""A scheme written in the browser: copied from a version, checked by the same parser at every save, made a draft."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from ceping.core.finding import Finding, errors_in
from ceping.core.scheme.comparing import Difference, differences
from ceping.core.scheme.loading import Scheme
from ceping.core.scheme.whole import FILES
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act
from ceping.stages.scheme.actions import copy_version, draft_from_copy, drop_copy, edit_copy
from ceping.stages.scheme.models import SchemeVersion, WorkingCopy
from ceping.stages.scheme.queries import copies_open, rules_in, rules_of_version
from ceping.web.office.chosen import in_words, reader
from ceping.web.ui.door import door

_WORDS = {
    "scheme.toml": "方案说明",
    "form.toml": "自评报告表",
    "indicators.toml": "指标和权重",
    "points.toml": "店铺积分",
    "verification.toml": "服务核验",
    "summary.toml": "汇总表",
    "outcome.toml": "参评条件和结果",
}


@require_POST
@door(Act.PUBLISH)
def copy(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The version is copied under the next number, to be written on."""
    version = SchemeVersion.objects.filter(pk=pk).first()
    if version is None:
        raise Http404
    made = copy_version(version=version, by=reader(request), at=timezone.now())
    return redirect("office:scheme_copy", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@door(Act.PUBLISH)
def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One file of the copy to be written on, with what the parser says of the whole, and what differs from before."""
    held = copies_open().filter(pk=pk).first()
    if held is None:
        raise Http404
    name = request.GET.get("file", "indicators.toml")
    if name not in FILES:
        raise Http404
    if request.method != "POST":
        return _page(request, held, name)
    try:
        return _act(request, held, name)
    except Refused as refused:
        fresh = copies_open().filter(pk=pk).first()
        if fresh is None:
            raise Http404 from None
        return _page(request, fresh, name, refused.findings)


def _act(request: HttpRequest, held: WorkingCopy, name: str) -> HttpResponseBase:
    by, at, asked = reader(request), timezone.now(), request.POST
    if asked.get("do") == "drop":
        drop_copy(copy=held, by=by, at=at)
        messages.success(request, "编辑稿已放弃")
        return redirect("office:schemes")
    given = asked.get("revision", "")
    revision = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0
    held = edit_copy(copy=held, name=name, text=asked.get("text", ""), revision=revision, by=by, at=at)
    if asked.get("do") == "draft":
        made = draft_from_copy(copy=held, by=by, at=at)
        messages.success(request, "已成为草稿版本，可以提出发布")
        return redirect("office:scheme", made.pk)
    messages.success(request, "已保存并检查")
    return redirect(f"{reverse('office:scheme_copy', args=[held.pk])}?file={name}")


def _page(request: HttpRequest, held: WorkingCopy, name: str, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    rules, found = rules_in(held.files)
    stored = held.files.get(name, "")
    shown: dict[str, Any] = {
        "copy": held,
        "file": name,
        "files": [(one, _WORDS[one], sum(1 for f in errors_in(found) if f.file == one)) for one in FILES],
        "text": request.POST.get("text", stored) if refused else stored,
        # Somebody else's words, where mine were not taken.
        "stored": stored if any(one.code == "scheme_copy_changed" for one in refused) else None,
        "refused": in_words(refused),
        "findings": [
            {"file": one.file, "place": one.place, "message": one.message(), "remedy": one.remedy()} for one in found
        ],
        "errors": len(errors_in(found)),
        "differences": _otherwise(held, rules) if rules is not None else None,
        "nav_now": "schemes",
        "crumbs": [("测评方案", reverse("office:schemes")), (str(held), "")],
    }
    return render(request, "office/scheme_copy.html", shown, status=409 if refused else 200)


def _otherwise(held: WorkingCopy, rules: Scheme) -> list[Difference]:
    """What the copy says otherwise than its source; that its number is another is no news."""
    found = differences(rules_of_version(held.source), rules)
    return [one for one in found if (one.file, one.place) != ("scheme.toml", "version")]
