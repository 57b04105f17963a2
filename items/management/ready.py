"""What a command asks before it touches the database."""

from django.core.management.base import CommandError

from plan_tracker.ready_database import database_problem


def require_database(returncode: int = 1) -> None:
    """End the command with the reason and the remedy where the database cannot be used."""
    problem = database_problem()
    if problem:
        raise CommandError(problem, returncode=returncode)
