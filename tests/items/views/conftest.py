"""One assignment and its reports as people meet them on pages, the plan office, and a meeting."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from items.models import Meeting, ReportState
from items.workflow import directives
from items.workflow.directives import DirectiveContent
from tests.items.views.answers import FORM
from tests.items.views.phones import enter
from tests.making import NOW


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


@pytest.fixture
def post(sign_in, mei, assignment, q4):
    def post(intent, version=0, by=mei, **fields):
        address = reverse("report_form", args=[115, assignment.pk, 4])
        return sign_in(by).post(
            address, FORM | fields | {"intent": intent, "version": version}, follow=True
        )

    return post


@pytest.fixture
def waiting(assignment, q3, q4, mei, head, make_report):
    make_report(assignment, q3, mei, text="完成規劃設計。", percent=70)
    return make_report(
        assignment,
        q4,
        mei,
        text="完成規劃設計。開始施工。",
        percent=88,
        state=ReportState.WITH_HEAD,
    )


@pytest.fixture
def office(sign_in, coordinator):
    return sign_in(coordinator)


@pytest.fixture
def desk(mei, clock):
    """The browser in which 美 has signed in by the form."""
    client = Client()
    assert enter(client, "mei").status_code == 302
    return client


@pytest.fixture
def action(make_action, administration, information):
    """An item of two departments."""
    return make_action([administration, information])


@pytest.fixture
def meeting(programme, q4):
    return Meeting.objects.create(
        programme=programme, name="第3季檢討會議", held_on=date(2026, 10, 20), chair="林總經理"
    )


@pytest.fixture
def directive(meeting, administration, information, coordinator):
    """第1案, to 行政處 and 資訊室."""
    content = DirectiveContent(
        text="請加速辦理。",
        departments=[administration, information],
        due_on=date(2026, 12, 1),
    )
    return directives.give(meeting, content, by=coordinator, at=NOW)
