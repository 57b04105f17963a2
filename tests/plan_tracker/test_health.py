import pytest
from django.core.management import call_command
from django.db import OperationalError

from plan_tracker import health


def test_the_process_answers_without_touching_the_database(client):
    response = client.get("/healthz")  # no `db` fixture: a query would fail this test
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_neither_does_it_for_a_browser_in_which_somebody_works(client, settings):
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    for address in ("/healthz", "/healthz/"):
        response = client.get(address)
        assert (response.status_code, response.content) == (200, b"ok\n")
        assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_working_service_is_ready(client):
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        200,
        {"database": True, "disk": True, "migrations": True},
    )


@pytest.mark.django_db
def test_a_full_disk_is_not_ready(client, settings):
    settings.DISK_FREE_BYTES = 2**60
    response = client.get("/readyz")
    assert (response.status_code, response.json()["disk"]) == (503, False)


def test_a_database_that_does_not_answer_is_not_ready_and_says_nothing_of_the_inside(
    client, monkeypatch, settings
):
    class Gone:
        def cursor(self):
            raise OperationalError("could not connect to 10.0.0.7")

    monkeypatch.setattr(health, "connection", Gone())
    # Who is signed in would be asked of the database, too.
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": False, "disk": True, "migrations": False}


@pytest.mark.django_db(transaction=True)
def test_a_missing_migration_is_not_ready(client):
    call_command("migrate", "sessions", "zero", verbosity=0)
    try:
        response = client.get("/readyz")
    finally:
        call_command("migrate", "sessions", verbosity=0)
    assert (response.status_code, response.json()["migrations"]) == (503, False)


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_health_is_only_read(client, address):
    assert client.post(address).status_code == 405
