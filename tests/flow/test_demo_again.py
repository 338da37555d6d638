"""The demo leaves a database alone that has somebody in it, and wants to know the zone of its clock."""

from datetime import datetime

import pytest

from ceping.flow.demo import fill_demo
from ceping.ground.people.models import User
from ceping.stages.report.models import Entry


@pytest.mark.django_db
def test_a_database_with_somebody_in_it_is_left_alone(now: datetime) -> None:
    User.objects.create(login="real", name="真实用户", created_at=now)
    assert not fill_demo(at=now)
    assert (User.objects.count(), Entry.objects.count()) == (1, 0)


def test_a_moment_without_a_zone_is_refused(now: datetime) -> None:
    with pytest.raises(ValueError, match="time zone"):
        fill_demo(at=now.replace(tzinfo=None))
