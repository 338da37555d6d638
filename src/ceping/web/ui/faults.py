"""The pages of what went wrong: what is so, then what to do; none of them says more than the reader may know."""

import logging
import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

_log = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """400: what was sent cannot be read; 413: it is more than is taken at once."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        remedy = "什么都没有改动。请返回上一页，分几次提交；文件请从上传的地方一个一个传。"
        return _fault(request, 413, "一次发来的太多", remedy)
    return _fault(request, 400, "发来的内容读不懂", "请返回上一页刷新后再试。")


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponseBase:  # noqa: ARG001 -- as above
    """403: known, but not for this reader."""
    remedy = "这一页不在您的职责之内。职责有变动，请联系安全管理员；有几个账号的，请换一个登录。"
    return _fault(request, 403, "您不能打开这一页", remedy)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:  # noqa: ARG001 -- as above
    """404: no such page, or a record that is somebody else's."""
    return _fault(request, 404, "没有这一页", "地址可能写错了，或者它不属于您。请从首页重新进入。")


def no_token(request: HttpRequest, reason: str = "") -> HttpResponseBase:  # noqa: ARG001 -- as above
    """403: the form's token is missing or old; nothing was done."""
    remedy = "登录状态变过，这张表已经过时，什么都没有改动。请返回上一页，刷新后再提交一次。"
    return _fault(request, 403, "这张表过时了", remedy)


def wrong_method(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """405 with a page, for whoever came by typing or reloading the address of a button."""
    remedy = "它是页面上某个按钮的地址。请从首页进入，在原来的页面上再按一次。"
    shown = _fault(request, 405, "这个地址不能直接打开", remedy)
    shown.headers["Allow"] = response.headers["Allow"]
    return shown


def broken(request: HttpRequest) -> HttpResponseBase:
    """500: our fault; 503: the database does not answer. The number finds the log line.

    Without a database, or whatever drawing needs, in plain words.
    """
    number, status = getattr(request, "number", ""), 500
    said, remedy = "没有办成，是平台出了错", "已经保存的内容都在。请稍后再试；再出错，请把编号告诉系统管理员。"
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        status, said = 503, "平台这会儿忙不过来，或正在重启"
        remedy = "请过一分钟再试；正在填的内容留在本机，恢复后会自动保存。一直这样，请把编号告诉系统管理员。"
    if _is_program(request):
        told = _told(status, said, f"请稍后原样再试；一直这样，请把编号 {number} 告诉系统管理员。")
        told.headers["Retry-After"] = "60"
        return told
    try:
        context = {"said": said, "remedy": remedy, "demo": settings.DEMO, "number": number}
        response: HttpResponseBase = render(request, "ui/fault.html", context, status=status)
    except Exception:  # noqa: BLE001 -- the outermost edge: whatever broke the page may break this one
        _log.exception("the page of a fault could not be drawn")
        plain = f"{said}。{remedy}编号 {number}"
        response = HttpResponse(plain, status=status, content_type="text/plain; charset=utf-8")
    if status == 503:
        response.headers["Retry-After"] = "60"
    return response


def _fault(request: HttpRequest, status: int, said: str, remedy: str) -> HttpResponseBase:
    if _is_program(request):
        return _told(status, said, remedy)
    context = {"said": said, "remedy": remedy, "demo": settings.DEMO}
    return render(request, "ui/fault.html", context, status=status)


def _is_program(request: HttpRequest) -> bool:
    """Whether another system asks, which reads no pages."""
    return request.path.startswith("/api/")


def _told(status: int, said: str, remedy: str) -> HttpResponseBase:
    """The same in the shape of the interface's own answers."""
    body = {"code": f"http_{status}", "message": said, "remedy": remedy, "findings": []}
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
