"""manage.py send_reminders, run twice at once or killed: nobody gets two, nobody is lost."""

import os
import subprocess
import sys
import threading
from datetime import date, timedelta
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from dev_tools.terminal import ROOT
from items.models import (
    ReminderMail,
)
from items.workflow import reminder_mail
from tests.items.management.reminding import DAY_BEFORE_DUE
from tests.making import NOW


@pytest.mark.django_db(transaction=True)
def test_of_two_runs_at_once_one_sends(office, send, mailbox):
    def run():
        try:
            send(DAY_BEFORE_DUE)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert mailbox.receivers == ["mei@example.org"]


def database_address():
    """The database of the test, as a process of its own reaches it."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{values['NAME']}"))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("step", "arrived"), [("DATA", 1), ("RCPT", 0)])
def test_a_run_that_is_killed_in_the_middle_sends_nobody_two_and_loses_nobody(
    office, send, mailbox, mail_server, settings, tmp_path, sign_in, coordinator, step, arrived
):
    """A process of its own, killed by the mail server while it waits for its reply."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": database_address(),
        "DEMONSTRATION": "1",
        "DEMONSTRATION_DATE": DAY_BEFORE_DUE.isoformat(),
        "SECRET_KEY": "for tests only: anybody may know it, nothing is signed with it that lasts",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}",
        "PYTHONUTF8": "1",
    }
    mailbox.kill_on = step
    command = [sys.executable, "manage.py", "send_reminders"]
    mailbox.child = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    output, _ = mailbox.child.communicate(timeout=300)
    assert mailbox.child.returncode == -9, output.decode()
    assert len(mailbox.messages) == arrived
    mailbox.kill_on = ""
    send(DAY_BEFORE_DUE)
    assert len(mailbox.messages) == arrived
    # It is listed as unclear, and after the days between two messages the person is reminded.
    assert ReminderMail.objects.get().state == "claimed"
    settings.DEMONSTRATION_DATE = date(2026, 12, 2)
    page = sign_in(coordinator).get("/115/mails/").content.decode()
    assert "<b>不確定是否寄出</b>" in page
    send(date(2026, 12, 7))
    assert len(mailbox.messages) == arrived + 1


def test_a_claim_is_refused_while_another_one_is_fresh_also_past_midnight(office, mei):
    content = reminder_mail.MailContent(
        subject="s",
        body="b",
        to_report=1,
        to_endorse=0,
        to_answer=0,
        overdue=0,
        escalated=0,
        items=[],
    )
    first = reminder_mail.claim(mei, content, today=DAY_BEFORE_DUE, quiet_days=5, at=NOW)
    assert first is not None
    for days, expected in ((0, None), (1, None), (4, None)):
        day = DAY_BEFORE_DUE + timedelta(days=days)
        assert reminder_mail.claim(mei, content, today=day, quiet_days=5, at=NOW) is expected
    later = DAY_BEFORE_DUE + timedelta(days=5)
    assert reminder_mail.claim(mei, content, today=later, quiet_days=5, at=NOW) is not None
