"""The day on which the tests play, and short ways to make what they need; dates are literal and passed in."""

from datetime import UTC, date, datetime

from django.db import models

from items.models import Membership, Role, User

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
PASSWORD = "correct horse 115"
NO_KEY = 2_000_000_000
"""No row has it: the keys that PostgreSQL has given go on where a test has ended."""


def make_user(username, full_name, role=Role.STAFF, **departments):
    """A person who can sign in; `departments` is {"reporter": department} or {"head": department}."""
    user = User.objects.create_user(username, PASSWORD, full_name=full_name, role=role)
    for membership_role, department in departments.items():
        Membership.objects.create(user=user, department=department, role=membership_role)
    return user


def past_the_application(model):
    """The rows of an append-only model, by a queryset that forbids nothing."""
    return models.QuerySet(model)
