"""How the machine does, for the system administrator: database, disk, background work, letters; nobody's data."""

import platform
import shutil
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ceping import __version__
from ceping.flow.audit import ABOUT, KIND
from ceping.ground.messages.queries import letters_by_state
from ceping.ground.people.roles import Role
from ceping.ground.work.models import State
from ceping.ground.work.queries import jobs_about, queue_at
from ceping.web.ui.door import door

# Below it the disk is told as nearly full: a day of uploads before a deadline may need as much.
_LITTLE_ROOM = 10 * 1024**3
# A worker says every ten seconds that it lives; a task at hand waits its turn no longer than this on a sound machine.
_SILENT, _LONG = timedelta(minutes=1), timedelta(minutes=10)


@never_cache
@require_safe
@door(Role.SYSTEM_ADMIN)
def page(request: HttpRequest) -> HttpResponseBase:
    """The state of now."""
    at = timezone.now()
    disk, queue, letters = shutil.disk_usage(settings.HOME.folder), queue_at(at), letters_by_state()
    # What leaves when it is due lies there for a moment; what was given up or waits for a person stays.
    shown: dict[str, Any] = {
        "nav_now": "machine",
        "version": __version__,
        "python": platform.python_version(),
        "home": str(settings.HOME.folder),
        "disk": disk,
        "disk_low": disk.free < _LITTLE_ROOM,
        "database": _database(),
        "queue": queue,
        "silent": queue.heard_at is None or at - queue.heard_at > _SILENT,
        "slow": queue.oldest_at is not None and at - queue.oldest_at > _LONG,
        "letters": letters,
        "verified": _verified(),
    }
    shown["faults"] = _faults(shown)
    return render(request, "office/machine.html", shown)


def _database() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone()
    return {"version": version.split()[0], "size": size}


def _verified() -> dict[str, Any] | None:
    """When the journal was last looked through whole, and whether it held."""
    last = jobs_about(ABOUT, KIND).filter(state=State.DONE).first()
    if last is None:
        return None
    ended: datetime | None = last.ended_at
    return {"at": ended, "broken": sum(chain["broken"] for chain in last.result.get("chains", []))}


def _faults(shown: dict[str, Any]) -> list[tuple[str, str]]:
    """What wants doing: what is so, and what to do."""
    failed, given_up = shown["queue"].failed, shown["letters"].get("failed", 0)
    broken = shown["verified"]["broken"] if shown["verified"] else 0
    told = (
        (shown["disk_low"], "磁盘快满了", "请清理或换大磁盘；满了以后，上传和保存都会失败。"),
        (shown["silent"], "后台任务没有在运行", "请重启平台（ceping run）；重启前信件不会发出，导入和文档停在等待。"),
        (shown["slow"], "有任务等了很久", "请看日志里后台任务的报错；必要时重启平台。"),
        (failed, f"最近一天有 {failed} 个任务没有完成", "请按日志里的任务名查原因，交给开发人员。"),
        (given_up, f"{given_up} 封信发不出去", "请检查邮件服务器的设置；主办方可在“待发信件”里重发。"),
        (broken, "操作日志校验不通过", "请保留现场，立即告知审计员。"),
    )
    return [(words, advice) for holds, words, advice in told if holds]
