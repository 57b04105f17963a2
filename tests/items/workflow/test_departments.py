"""單位 as verbs: what a new one gets, whatever the door."""

import pytest

from items.models import Change, Department, Door, ProgrammeState
from items.workflow import Refusal, WorkflowError, departments
from tests.making import NOW, TODAY


@pytest.fixture
def stamp(coordinator):
    return {"by": coordinator, "at": NOW}


def make(name, stamp):
    [made] = departments.make_departments([name], today=TODAY, **stamp)
    return made


@pytest.mark.parametrize(
    ("state", "number"),
    [(ProgrammeState.RUNNING, 1), (ProgrammeState.DRAFT, 1), (ProgrammeState.CLOSED, 0)],
)
def test_a_new_department_gets_nothing_of_a_year_that_is_closed(
    programme, make_action, administration, stamp, state, number
):
    make_action([administration], every_department=True)
    # Closed before its last day, as an office does in December.
    programme.state = state
    programme.save()
    assert make("業務處", stamp).assignments.count() == number


def test_a_department_that_goes_on_is_handed_nothing_anew(
    programme, make_action, administration, information, stamp
):
    make_action([administration], every_department=True)
    information.name = "資訊處"
    assert departments.save_department(information, today=TODAY, **stamp) == 0
    assert not information.assignments.exists()


def test_deactivating_twice_writes_one_entry(administration, stamp):
    assert departments.deactivate_departments([administration], **stamp) == [administration]
    assert departments.deactivate_departments([administration], **stamp) == []
    assert Change.objects.filter(model="department").count() == 1


def test_a_place_is_taken_by_the_row_as_it_is_now(administration, information, stamp):
    older = Department.objects.get(pk=information.pk)
    departments.rename_department(information, "資訊處", **stamp)
    # The object that was read before the new name must not bring the old one back.
    departments.place_department(older, behind=None, **stamp)
    names = Department.objects.order_by("position").values_list("name", flat=True)
    assert list(names) == ["資訊處", "行政處"]


def test_what_is_in_use_is_refused_with_its_reason(mei, administration, stamp):
    with pytest.raises(WorkflowError, match="還有 1 位人員") as refused:
        departments.delete_unused(administration, door=Door.ADMIN, **stamp)
    assert refused.value.reason == Refusal.DEPARTMENT_IN_USE
