"""An application of 行政處 on its way, for the tests of 管制異動."""

import pytest

from items.workflow.control_requests import (
    endorse_request,
    submit_request,
)
from items.workflow.control_writing import begin
from tests.applications import EXTENSION, IN_TIME
from tests.making import NOW


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
