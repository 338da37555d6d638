"""`ceping people start FILE`: a season begun from a list of institutions, at the machine itself."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ceping.cli.platform.opened import open_installation, refuse
from ceping.cli.printing import print_findings
from ceping.cli.table_intake import (
    ConfirmGiven,
    EncodingGiven,
    FileGiven,
    MarkedGiven,
    SheetGiven,
    check_options,
    end_refused,
    tell_taken,
)

if TYPE_CHECKING:
    from datetime import datetime

    from ceping.documents.forms.slips import Slip
    from ceping.ground.people.models import User
    from ceping.stages.scheme.models import Season

app = typer.Typer()
_UNSAFE = re.compile(r"[\\/:*?\"<>|\s]+")
_REASON = "在服务器上用命令行办理"


@app.command(help="按机构名单批量开户：登记机构、加入年度、发出一次性邀请；有一处不合格就一家也不收。")
def start(
    path: FileGiven,
    *,
    season: Annotated[int, typer.Option("--season", metavar="编号", help="加入哪个年度；写 0 列出可选的年度。")],
    slips: Annotated[
        Path | None, typer.Option("--slips", metavar="文件夹", help="没有邮箱的机构，邀请单按推荐单位写到这里（PDF）。")
    ] = None,
    by: Annotated[str, typer.Option("--by", metavar="登录名", help="由哪位安全管理员办理；只有一位时可不写。")] = "",
    again: Annotated[bool, typer.Option("--again", help="邀请过而还没开户的，重新邀请，以前的链接作废。")] = False,
    sheet: SheetGiven = "",
    encoding: EncodingGiven = "",
    confirm: ConfirmGiven = [],  # noqa: B006 -- typer reads the default once
    marked: MarkedGiven = None,
) -> None:
    """Exit 0 done or nothing to do, 1 the list is refused, 2 it cannot be read or the call is wrong."""
    check_options(encoding, confirm, as_json=False)
    open_installation()
    from django.db import transaction  # noqa: PLC0415 -- set up by now
    from django.utils import timezone  # noqa: PLC0415 -- as above

    from ceping.documents.intake.institutions import take_in_institutions  # noqa: PLC0415 -- as above
    from ceping.flow.start import differences_from_known, start_season  # noqa: PLC0415 -- as above
    from ceping.ground.people.access import Refused  # noqa: PLC0415 -- as above
    from ceping.ground.people.models import Area  # noqa: PLC0415 -- as above

    wanted, officer = _season(season), _officer(by)
    names = list(Area.objects.values_list("name", flat=True))
    read = take_in_institutions(path, names, sheet=sheet, encoding=encoding, confirmed=frozenset(confirm))
    if not read.taken:
        end_refused(path, read.table, marked, as_json=False)
    at = timezone.now()
    try:
        # Links that could not be written down would be lost: then nothing was done.
        with transaction.atomic():
            done = start_season(season=wanted, lines=read.lines, by=officer, at=at, again=again, reason=_REASON)
            if done.slips and slips is None:
                refuse(f"有 {len(done.slips)} 家没有邮箱，要打印邀请单。请用 --slips 写明放在哪里；现在一家也没有收。")
            written = _write(slips, wanted, done.slips, at) if slips is not None else []
    except Refused as refused:
        refuse("\n".join(f"{one.message()}。{one.remedy()}。" for one in refused.findings))
    print_findings([*read.table.findings, *differences_from_known(read.lines)], as_json=False)
    tell_taken(read.table)
    typer.echo(
        f"{wanted.title}：名单 {len(read.lines)} 家，新登记 {done.institutions} 家，新加入年度 {done.entries} 家。"
    )
    typer.echo(f"邀请信 {done.letters} 封，邀请单 {len(done.slips)} 份；已有账号 {done.standing} 家。")
    typer.echo(f"以前邀请过、等待接受 {done.waiting} 家。")
    for one in written:
        typer.echo(f"邀请单：{one}")
    if written:
        typer.echo("链接不在平台上保存，等同于开户凭证：打印后请当面交给各机构，再删去文件。")


def _season(number: int) -> "Season":
    from ceping.flow.start import BEGINNING  # noqa: PLC0415 -- as above
    from ceping.stages.scheme.models import Season  # noqa: PLC0415 -- as above

    found = Season.objects.filter(pk=number).first()
    if found is None:
        open_now = Season.objects.filter(state__in=BEGINNING)
        known = "\n".join(f"  {one.pk}  {one.title}（{one.get_state_display()}）" for one in open_now)
        refuse(
            f"没有编号为 {number} 的年度。可选的年度：\n{known}"
            if known
            else "没有筹备或自评中的年度。请主办方先开设。"
        )
    return found


def _officer(login: str) -> "User":
    """Who answers for it in the journal."""
    from ceping.ground.people.models import User  # noqa: PLC0415 -- as above
    from ceping.ground.people.roles import Role  # noqa: PLC0415 -- as above

    held = {"grants__role": Role.SECURITY_OFFICER, "grants__revoked_at": None}
    officers = list(User.objects.filter(is_active=True, **held).order_by("login"))
    found = [one for one in officers if one.login == login] if login else officers
    if len(found) != 1:
        known = "、".join(one.login for one in officers)
        told = (
            f"请用 --by 写明由哪位安全管理员办理：{known}。"
            if known
            else "还没有安全管理员。请先用 ceping user add 邀请。"
        )
        refuse(told)
    return found[0]


def _write(folder: Path, season: "Season", slips: "Sequence[Slip]", at: "datetime") -> list[Path]:
    """A PDF for each area, so that each hands out its own."""
    from django.utils import timezone  # noqa: PLC0415 -- as above

    from ceping.documents.fonts.faces import faces_from  # noqa: PLC0415 -- as above
    from ceping.documents.forms.slips import slips_document  # noqa: PLC0415 -- as above
    from ceping.documents.intake.markup import whole  # noqa: PLC0415 -- as above
    from ceping.documents.pdf import to_pdf  # noqa: PLC0415 -- as above

    faces, _ = faces_from(os.environ)
    written = []
    for area in sorted({one.recommender for one in slips}):
        mine = [one for one in slips if one.recommender == area]
        # The minute in the name: a second run never writes over links that may be the only ones.
        moment = timezone.localtime(at)
        out = folder / f"邀请单_{_UNSAFE.sub('_', area)}_{moment:%Y%m%d-%H%M%S}.pdf"
        with whole(out) as draft:
            draft.write_bytes(to_pdf(slips_document(season.title, mine, dated=moment.date()), faces))
        out.chmod(0o600)
        written.append(out)
    return written
