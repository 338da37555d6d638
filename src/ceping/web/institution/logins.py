"""A log-in of an institution's people is an act of its shop."""

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils import timezone

from ceping.flow.shopkeeping import note_login
from ceping.ground.people.models import User


@receiver(user_logged_in)
def noted(user: User, **_: object) -> None:
    """By whatever way somebody came in."""
    note_login(user=user, at=timezone.now())
