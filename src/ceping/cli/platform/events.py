"""`ceping events import FILE…`: shops and events of another system taken into the platform, at the machine itself."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ceping.cli.platform.opened import open_installation, refuse
from ceping.cli.printing import print_findings, progress

if TYPE_CHECKING:
    from ceping.ground.people.models import User

app = typer.Typer()
_WORDS = {"accepted": "收下", "repeated": "以前收过", "held": "挂起", "conflict": "同号异文，挂起", "refused": "不收"}


@app.callback(help="店铺事件：把其他系统的店铺表和事件文件收进平台。")
def main() -> None:
    """A group, though of one command: there will be others."""


@app.command("import", help="收进店铺表和事件文件；检查与 ceping points score 相同，可以重复运行，同一事件只计一次。")
def take(
    events: Annotated[
        list[Path] | None,
        typer.Argument(metavar="文件", help="事件文件，或放同一种事件文件的文件夹；.csv、.jsonl 或 .parquet。"),
    ] = None,
    *,
    shops: Annotated[Path | None, typer.Option("--shops", metavar="文件", help="店铺表，先于事件收进。")] = None,
    rejected: Annotated[Path, typer.Option("--rejected", metavar="文件", help="没有收下的行写到这里（CSV）。")] = Path(
        "rejected.csv"
    ),
    encoding: Annotated[str, typer.Option("--encoding", help="CSV 和 JSON Lines 的编码：utf-8 或 gb18030。")] = "utf-8",
    by: Annotated[str, typer.Option("--by", metavar="登录名", help="由哪位平台运营办理；只有一位时可不写。")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="读不了时，以 JSON 输出问题清单。")] = False,
) -> None:
    """Exit 0 also when rows were refused (their number is printed), 2 when a file cannot be read."""
    open_installation()
    from django.utils import timezone  # noqa: PLC0415 -- set up by now

    from ceping.bulk.request import Encoding  # noqa: PLC0415 -- as above
    from ceping.ground.people.access import Refused  # noqa: PLC0415 -- as above
    from ceping.stages.points.actions.importing import Files, import_files  # noqa: PLC0415 -- as above
    from ceping.stages.points.tasks import ask_to_post  # noqa: PLC0415 -- as above

    if encoding not in list(Encoding):
        refuse(f"没有编码 {encoding}。可用：{'、'.join(Encoding)}。")
    files = Files(shops, events or (), rejected, Encoding(encoding))
    last = 0
    with progress("收进事件", 1000) as advance:

        def tell(done: int, total: int) -> bool:
            nonlocal last
            steps = done * 1000 // max(1, total)
            advance(steps - last)
            last = steps
            return True

        try:
            made = import_files(files=files, source="file", by=_operator(by), at=timezone.now(), tell=tell)
        except Refused as refused:
            print_findings(list(refused.findings), as_json=as_json)
            raise typer.Exit(2) from None
    ask_to_post()
    if shops is not None:
        typer.echo(f"店铺 {made.shops:,} 家。")
    if events:
        told = "，".join(f"{word} {made.outcomes[name]:,}" for name, word in _WORDS.items())
        typer.echo(f"事件 {sum(made.outcomes.values()):,} 行：{told}。")
    if made.listed:
        typer.echo(f"没有收下的 {made.listed:,} 行写在 {rejected}，逐行有原因。")
    typer.echo("积分由后台任务随即计入。")


def _operator(login: str) -> "User":
    """Who answers for it in the journal."""
    from ceping.ground.people.models import User  # noqa: PLC0415 -- as above
    from ceping.ground.people.roles import Role  # noqa: PLC0415 -- as above

    held = {"grants__role": Role.OPERATOR, "grants__revoked_at": None}
    operators = list(User.objects.filter(is_active=True, **held).order_by("login"))
    found = [one for one in operators if one.login == login] if login else operators
    if len(found) != 1:
        known = "、".join(one.login for one in operators)
        refuse(
            f"请用 --by 写明由哪位平台运营办理：{known}。"
            if known
            else "还没有平台运营的账号。请先请安全管理员在“账号”里邀请。"
        )
    return found[0]
