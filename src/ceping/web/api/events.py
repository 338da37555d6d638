"""Events handed in: each item of a batch is answered by itself, and the same batch may come any number of times."""

# The docstrings of operations and shapes are what users read of them.
# ruff: noqa: D400

from collections import Counter

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from ceping.core.finding import texts
from ceping.core.points import EVENT_COLUMNS, EventRow, Place
from ceping.stages.points.models import Token
from ceping.stages.points.states import Outcome, Scope
from ceping.stages.points.tasks import hand_in
from ceping.web.api.keys import Key
from ceping.web.api.shapes import BatchIn, BatchOut, ProblemOut
from ceping.web.ui.numbered import arrived_at

router = Router(tags=["事件"])
TOLD = {
    Outcome.ACCEPTED: ("accepted", 201),
    Outcome.REPEATED: ("known", 200),
    Outcome.HELD: ("held", 202),
    Outcome.CONFLICT: ("conflict", 409),
    Outcome.REFUSED: ("refused", 422),
}


@router.post(
    "/events",
    auth=Key(Scope.EVENTS),
    url_name="events",
    operation_id="send_events",
    summary="送事件",
    response={200: BatchOut, 409: BatchOut, frozenset({400, 401, 403, 411, 413, 415, 429}): ProblemOut},
)
def send_events(request: HttpRequest, batch: BatchIn) -> HttpResponse:
    """每个事件单独给出结果，一条不合要求不影响其余。同一事件可以重复发送，只计一次。

    整批只要有一条不是“同号异文”，状态就是 200；全部是同号异文时为 409。收下的事件在两秒之内计入积分。
    网络中断、超时或 5xx 时，原样重发整批。
    """
    token: Token = request.auth  # type: ignore[attr-defined]  # put there by the key
    source = source_of(token)
    rows = [
        EventRow(Place(source, number), *(getattr(one, name) or "" for name in EVENT_COLUMNS))
        for number, one in enumerate(batch.events, start=1)
    ]
    taken = hand_in(rows=rows, source=source, by=None, at=arrived_at(request))
    words, counts = texts(), Counter(one.outcome for one in taken.results)
    results = []
    for row, one in zip(rows, taken.results, strict=True):
        result, status = TOLD[one.outcome]
        results.append(
            {
                "event_id": row.event_id,
                "shop_id": row.shop_id,
                "result": result,
                "status": status,
                "code": one.code,
                "message": f"{words[one.code]['message']}。{words[one.code]['remedy']}。" if one.code else "",
                "sequence": one.sequence,
            }
        )
    body = {"delivery": taken.delivery.pk, **{word: counts[outcome] for outcome, (word, _) in TOLD.items()}}
    status = 409 if counts[Outcome.CONFLICT] == len(results) else 200
    return JsonResponse(body | {"results": results}, status=status, json_dumps_params={"ensure_ascii": False})


def source_of(token: Token) -> str:
    """Under what name the log knows what came by this key."""
    return f"api:{token.pk}:{token.name}"[:80]
