"""A mail server, an office that owes something, and the command that reminds it."""

import io
from datetime import date

import pytest
from django.core.management import call_command

from items.models import Assignment
from tests.items.management.mail_server import MailServer


@pytest.fixture(scope="module")
def mail_server():
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mailbox(mail_server, settings):
    settings.HAS_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = mail_server.port
    settings.SITE_ADDRESS = "https://plan.example.org"
    mail_server.mailbox.__init__()
    return mail_server.mailbox


@pytest.fixture
def office(make_action, administration, mei, head, q4):
    """行政處 owes two reports, of which one is 美's; both have addresses."""
    for person in (mei, head):
        person.email = f"{person.username}@example.org"
        person.save()
    for _ in range(2):
        make_action([administration], title="設置民眾\n休憩區")
    # After the first quarters were closed: nothing is owed for these.
    Assignment.objects.update(handed_out_on=date(2026, 11, 16))
    Assignment.objects.filter(action__code="115-01").update(contact=mei)
    return q4


@pytest.fixture
def send(settings):
    def send_on(day, *arguments):
        settings.DEMONSTRATION_DATE = day
        out = io.StringIO()
        call_command("send_reminders", *arguments, stdout=out)
        return out.getvalue()

    return send_on
