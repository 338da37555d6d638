"""An address that hears whether anybody calls, and what the children of a test took."""

import socket
from collections.abc import Iterator

import pytest

from ceping.documents import confined


@pytest.fixture
def address() -> Iterator[str]:
    """A listening port; a connection to it, even one that was given up, fails the test."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host, port = listener.getsockname()
        yield f"{host}:{port}"
        listener.setblocking(False)  # noqa: FBT003 -- socket's own signature
        with pytest.raises(BlockingIOError):
            listener.accept()


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[confined.Answer]:
    """Every answer of a child during the test, whoever asked."""
    heard: list[confined.Answer] = []
    ask = confined.ask

    def listening(*given: object, **more: object) -> confined.Answer:
        answer = ask(*given, **more)  # type: ignore[arg-type]
        heard.append(answer)
        return answer

    monkeypatch.setattr(confined, "ask", listening)
    return heard
