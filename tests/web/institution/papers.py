"""A browser's stand-in for each person, and a worker's for what waits."""

import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app

from ceping.ground.people.models import User


@pytest.fixture
def as_() -> Callable[[User], Client]:
    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="ceping.ground.people.login.NameBackend")
        return client

    return log_in


@pytest.fixture
def worked() -> Callable[[], int]:
    """Runs the tasks that wait, in this transaction, as a worker would; answers how many."""

    def work() -> int:
        count = 0
        while True:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE procrastinate_jobs SET status = 'doing' WHERE id IN"
                    " (SELECT id FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id LIMIT 1)"
                    " RETURNING task_name, args"
                )
                row = cursor.fetchone()
            if row is None:
                return count
            app.tasks[row[0]].func(**json.loads(row[1]))
            count += 1

    return work
