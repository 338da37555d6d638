"""`ceping user`: the first people of an installation invited from the machine itself, and who is there."""

from typing import Annotated

import typer

from ceping.cli.platform.opened import open_installation, refuse

app = typer.Typer()
_ROLES = "organiser、system_admin、security_officer、auditor"


@app.command(help="邀请首位主办方、系统管理员、安全管理员或审计员：给出一次性链接，没有默认密码。")
def add(
    role: Annotated[str, typer.Option("--role", metavar="角色", help=f"{_ROLES} 之一。")],
    login: Annotated[str, typer.Option("--login", metavar="登录名", help="此人的登录名。")],
) -> None:
    """Prints the path of the one-time link."""
    open_installation()
    from django.utils import timezone  # noqa: PLC0415 -- set up by now

    from ceping.ground.people.access import Refused  # noqa: PLC0415 -- as above
    from ceping.ground.people.invitations import FIRST_ROLES, invite_first  # noqa: PLC0415 -- as above
    from ceping.ground.people.roles import ROLE_NAMES, Role  # noqa: PLC0415 -- as above

    if role not in FIRST_ROLES:
        refuse(f"没有角色 {role}，或它不能在这里邀请。可用：{_ROLES}")
    try:
        made = invite_first(role=Role(role), login=login, at=timezone.now())
    except Refused as refused:
        refuse("\n".join(f"{one.message()}。{one.remedy()}。" for one in refused.findings))
    until = timezone.localtime(made.invitation.expires_at)
    typer.echo(f"{ROLE_NAMES[Role(role)]} {login} 的一次性链接（在平台网址后面）：")
    typer.echo(f"/invitations/{made.token}/")
    typer.echo(
        f"{until:%Y-%m-%d %H:%M} 前有效，只能用一次；再次运行本命令，前一个链接失效。请当面或用加密方式交给本人。"
    )


@app.command(name="list", help="列出账号和角色；不含电话和邮箱。")
def list_people() -> None:
    """One line an account."""
    open_installation()
    from ceping.ground.people.models import User  # noqa: PLC0415 -- as above
    from ceping.ground.people.queries import roles_of_everybody  # noqa: PLC0415 -- as above
    from ceping.ground.people.roles import ROLE_NAMES  # noqa: PLC0415 -- as above

    held = roles_of_everybody()
    for user in User.objects.order_by("login"):
        state = "" if user.is_active else "（已停用）"
        roles = "、".join(ROLE_NAMES[role] for role in held.get(user.pk, [])) or "没有角色"
        typer.echo(f"{user.login}\t{user.name}{state}\t{roles}")
