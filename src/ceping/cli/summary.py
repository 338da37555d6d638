"""`ceping summary`: the table in which a recommender puts institutions forward (附件3)."""

import typer

from ceping.cli.summary_intake import intake

app = typer.Typer(add_completion=False)
app.command("intake", help="收一份填好的参评推荐汇总表（附件3）：全部收下，或一行不收并给出标注副本。")(intake)
