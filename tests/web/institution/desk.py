"""The institution's desk as one reader uses it, through Django's client."""

from typing import Any

from django.test import Client
from testbed.scene import Scene

from ceping.ground.people.models import User


class Desk:
    """One reader at the pages of the scene's entry."""

    def __init__(self, here: Scene, user: User) -> None:
        self.client = Client()
        self.client.force_login(user, backend="ceping.ground.people.login.NameBackend")
        self.root = f"/institution/{here.entry.pk}/"

    def get(self, path: str = "", **asked: Any) -> str:
        answer = self.client.get(self.root + path, asked)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    def send(self, path: str, **given: Any) -> tuple[int, dict[str, Any]]:
        answer = self.client.post(
            self.root + path, given, content_type="application/json", headers={"accept": "application/json"}
        )
        return answer.status_code, answer.json() if "json" in answer.headers.get("Content-Type", "") else {}

    def post(self, path: str, **given: Any) -> tuple[int, str]:
        answer = self.client.post(self.root + path, given)
        return answer.status_code, answer.headers.get("Location", "") or answer.content.decode()
