"""What several tests of verbs start from: an application on its way, instructions of a meeting."""

from datetime import date

import pytest

from items.models import Meeting
from items.workflow import directives
from items.workflow.control_requests import (
    endorse_request,
    submit_request,
)
from items.workflow.control_writing import begin
from items.workflow.directives import DirectiveContent
from tests.applications import EXTENSION, IN_TIME
from tests.items.workflow.successor_applications import (
    application,
    merge_into,
    part,
    send,
    share_of,
)
from tests.making import NOW

# An application of 行政處, for the tests of 管制異動.


@pytest.fixture
def shares(make_action, administration, information):
    return list(make_action([administration, information]).assignments.order_by("position"))


@pytest.fixture
def share(shares):
    """The item of 行政處, until 115年12月31日."""
    return shares[0]


@pytest.fixture
def sent(share, mei, head):
    """An extension that 行政處 has asked for in time, with its head."""
    return submit_request(begin(share, EXTENSION, by=mei, at=IN_TIME), by=mei, at=IN_TIME)


@pytest.fixture
def with_office(sent, head):
    return endorse_request(sent, by=head, at=NOW)


# Instructions of a meeting.


@pytest.fixture
def meeting(programme, coordinator):
    row = Meeting(programme=programme, name="第3季檢討會議", held_on=date(2026, 10, 20))
    return directives.save_meeting(row, by=coordinator, at=NOW)


@pytest.fixture
def give(meeting, coordinator):
    """Give an instruction to these departments."""

    def _give(*units, text="請加速辦理。", to=meeting, **more):
        content = DirectiveContent(text=text, departments=units, **more)
        return directives.give(to, content, by=coordinator, at=NOW)

    return _give


@pytest.fixture
def of_two(give, administration, information):
    """An instruction to 行政處 and 資訊室."""
    return give(administration, information)


# 併案 of one item into another, and 分案.


@pytest.fixture
def old(make_action, administration, information):
    """115-01 of 行政處 and 資訊室, until December."""
    return make_action([administration, information], title="整理舊站房")


@pytest.fixture
def target(make_action, administration):
    """115-02 of 行政處 alone."""
    return make_action([administration], title="設置民眾休憩區", deadline=date(2026, 11, 30))


@pytest.fixture
def own(old, administration):
    return old.assignments.get(department=administration)


@pytest.fixture
def merging(own, target, mei, information):
    return send(own, merge_into(target, share_of(information)), mei)


@pytest.fixture
def splitting(own, mei, administration, information):
    first = part("整理站房外牆", share_of(administration), benefit="外牆安全。")
    later = share_of(information, deadline=date(2027, 3, 31), text="116年3月")
    second = part("整理站房網路", later, share_of(administration, "support"))
    return send(own, application("split", first, second), mei)
