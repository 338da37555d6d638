"""`ceping summary`: the table in which a recommender puts institutions forward (附件3)."""

import typer

from ceping.cli.summary_intake import intake
from ceping.cli.summary_render import render

app = typer.Typer(add_completion=False)
app.command("render", help="出参评推荐汇总表（附件3）：每个推荐单位一份 Excel 和一份 PDF，留有盖章和日期的位置。")(
    render
)
app.command("intake", help="收一份填好的参评推荐汇总表（附件3）：全部收下，或一行不收并给出标注副本。")(intake)
