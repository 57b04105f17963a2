"""One assignment and its reports as people meet them on pages, and the plan office."""

import pytest
from django.urls import reverse

from items.models import ReportState
from tests.items.views.answers import FORM


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
def action(make_action, administration, information):
    """An item of two departments."""
    return make_action([administration, information])
