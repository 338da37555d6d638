"""`ceping demo-season`: a made-up season as plain files, the same for the same numbers."""

from pathlib import Path
from typing import Annotated

import typer

from ceping.cli.printing import refuse
from ceping.core.finding import fault


def demo_season(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="写到这个文件夹：须不存在、为空，或是先前的示范测评年度。")
    ],
    institutions: Annotated[int, typer.Option("--institutions", help="机构家数。")] = 40,
    seed: Annotated[int, typer.Option("--seed", help="种子：同样的数得到同样的文件。")] = 7,
    events: Annotated[int | None, typer.Option("--events", help="店铺事件的条数，默认每家 700 条。")] = None,
) -> None:
    """生成一个示范测评年度文件夹：机构、人员、企业和号码均为虚构。"""  # noqa: D400 -- a Chinese full stop ends it
    from ceping.folder.demo import LEAST, MOST, MOST_EVENTS, write_demo  # noqa: PLC0415 -- help pages need none of it
    from ceping.folder.output import Refused  # noqa: PLC0415 -- as above

    if not LEAST <= institutions <= MOST:
        refuse(fault("institutions_few", least=LEAST, most=MOST))
    if events is not None and not 0 <= events <= MOST_EVENTS:
        refuse(fault("events_too_many", most=MOST_EVENTS))
    try:
        demo = write_demo(folder, institutions=institutions, seed=seed, events=events)
    except Refused as refusal:
        refuse(refusal.finding)
    print(f"已写入 {folder}：{demo.institutions} 家机构，{demo.events} 条店铺事件（示范，均为虚构）。")
