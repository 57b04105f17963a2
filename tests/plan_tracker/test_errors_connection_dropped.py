"""The database ends a connection: that request says so and shows the text, and the next one works."""

import pytest
from django.db import close_old_connections, connection
from django.urls import reverse

from items.models import ProgressReport

TEXT = "11月20日完成地坪施工。"


def end_own_connection():
    """As an administrator of the database does, or a network that breaks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_the_request_is_a_503_with_the_text_and_the_next_one_saves_it(
    client, mei, make_action, administration, q4
):
    if connection.vendor != "postgresql":
        pytest.skip("a file has no connection that could break")
    assignment = make_action([administration]).assignments.get()
    address = reverse("report_form", args=[115, assignment.pk, 4])
    client.force_login(mei)
    client.raise_request_exception = False
    written = {"writer": mei.pk, "version": 0, "text": TEXT, "percent": 88, "intent": "draft"}
    origin = {"Origin": "http://testserver"}
    end_own_connection()
    answer = client.post(address, written, headers=origin)
    assert answer.status_code == 503
    assert TEXT in answer.content.decode()
    # As the end of every request does; the client of a test leaves it out.
    close_old_connections()
    assert client.post(address, written, headers=origin).status_code == 302
    assert ProgressReport.objects.get().text == TEXT
