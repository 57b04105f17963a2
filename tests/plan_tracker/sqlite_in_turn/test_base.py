"""SQLite: the writers of one process come one after the other, and nobody waits without end."""

import threading

import pytest
from django.db import connection, connections, transaction
from django.db.utils import OperationalError

from items.models import User
from tests.making import make_user

pytestmark = [pytest.mark.one_engine, pytest.mark.django_db(transaction=True)]


def in_thread(work):
    """Run it beside this thread, with a connection of its own; the faults that it raised."""
    faults = []

    def run():
        try:
            work()
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, faults


def add_a_letter(person):
    with transaction.atomic():
        row = User.objects.get(pk=person.pk)
        row.full_name += "甲"
        row.save()


def test_twenty_writers_at_once_lose_nothing():
    person = make_user("w", "乙")
    started = [in_thread(lambda: add_a_letter(person)) for _ in range(20)]
    for thread, _ in started:
        thread.join()
    assert [faults for _, faults in started] == [[]] * 20
    person.refresh_from_db()
    assert person.full_name == "乙" + "甲" * 20


def test_whoever_waits_too_long_is_told_and_the_next_one_gets_the_turn():
    person = make_user("w", "乙")

    def impatient():
        connection.ensure_connection()
        vars(connections["default"])["turn_seconds"] = 0.01
        add_a_letter(person)

    with transaction.atomic():
        thread, faults = in_thread(impatient)
        thread.join()
    [fault] = faults
    assert isinstance(fault, OperationalError)
    assert str(fault) == "database is locked"
    thread, faults = in_thread(lambda: add_a_letter(person))
    thread.join()
    assert faults == []


def test_the_turn_ends_with_the_transaction_however_it_ends():
    person = make_user("w", "乙")
    with pytest.raises(ValueError, match="x"), transaction.atomic():
        raise ValueError("x")
    with transaction.atomic():
        transaction.set_rollback(True)
    # Closed in the middle, as when the database is restored.
    with transaction.atomic():
        connection.close()
    thread, faults = in_thread(lambda: add_a_letter(person))
    thread.join()
    assert faults == []
