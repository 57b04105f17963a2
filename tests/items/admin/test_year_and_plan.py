"""The year and its plan in the back office, with every write in the history."""

import pytest
from django.urls import reverse

from items.models import Action, Change, Department, Door, Frequency, Method, Strategy
from tests.items.admin.admin_pages import listing, page_of


def test_the_periods_are_laid_out_by_a_button_and_only_their_due_date_can_be_typed(
    office, programme, admin
):
    address = reverse("admin:items_programme_lay_out", args=[programme.pk])
    assert office.get(address).status_code == 405
    assert "建立填報期" in office.get(page_of(programme)).content.decode()
    answer = office.post(address, follow=True)
    assert "已建立115年度的 4 個填報期" in answer.content.decode()
    periods = list(programme.periods.all())
    assert [period.name for period in periods] == ["第1季", "第2季", "第3季", "第4季"]
    assert all(change.door == Door.ADMIN for change in Change.objects.filter(model="period"))
    page = office.get(page_of(programme)).content.decode()
    assert reverse("admin:items_programme_lay_out", args=[programme.pk]) not in page
    data = {
        "title": programme.title, "approved_on": "2026-04-27", "starts_on": "2026-01-01", "ends_on": "2026-12-31",
        "behind_threshold": 10, "soon_days": 30, "frequency": "month",
        "periods-TOTAL_FORMS": 4, "periods-INITIAL_FORMS": 4,
    }  # fmt: skip
    for number, period in enumerate(periods):
        data |= {f"periods-{number}-id": period.pk, f"periods-{number}-programme": programme.pk,
                 f"periods-{number}-due_on": "2026-12-05" if number == 3 else period.due_on,
                 f"periods-{number}-opened_at": "2026-01-01 00:00", f"periods-{number}-name": "別的"}  # fmt: skip
    assert office.post(page_of(programme), data).status_code == 302
    last = programme.periods.last()
    assert (str(last.due_on), last.opened_at, last.name) == ("2026-12-05", None, "第4季")
    programme.refresh_from_db()
    assert programme.frequency == Frequency.QUARTER
    assert Change.objects.filter(model="period", kind="changed").count() == 1


def test_laying_out_twice_is_refused_in_words(office, programme):
    address = reverse("admin:items_programme_lay_out", args=[programme.pk])
    office.post(address)
    response = office.post(address, follow=True)
    assert "已經建立" in response.content.decode()
    assert programme.periods.count() == 4


def action_data(action, **fields):
    rows = {"assignments-TOTAL_FORMS": 0, "assignments-INITIAL_FORMS": 0}
    return {"plan": action.plan_id, "position": action.position, "title": action.title,
            "expected_benefit": action.expected_benefit, **rows, **fields}  # fmt: skip


def test_an_action_is_edited_with_its_departments_and_the_deadline_follows_from_its_words(
    office, action, administration, admin
):
    first, second = action.assignments.order_by("id")
    data = action_data(action, title="設置休憩區與飲水機", control_status="released", code="115-99") | {
        "assignments-TOTAL_FORMS": 2, "assignments-INITIAL_FORMS": 2,
        "assignments-0-id": first.pk, "assignments-0-action": action.pk, "assignments-0-department": first.department_id,
        "assignments-0-kind": "lead", "assignments-0-position": 0, "assignments-0-deadline_text": "115年6月底前",
        "assignments-0-deadline": "",
        "assignments-1-id": second.pk, "assignments-1-action": action.pk, "assignments-1-department": second.department_id,
        "assignments-1-kind": "lead", "assignments-1-position": 1, "assignments-1-deadline_text": "115年12月",
        "assignments-1-deadline": "2026-12-31", "assignments-1-DELETE": "on",
    }  # fmt: skip
    assert office.post(page_of(action), data).status_code == 302
    action.refresh_from_db()
    assert (action.title, action.code, action.control_status) == (
        "設置休憩區與飲水機",
        "115-01",
        "under_control",
    )
    assignment = action.assignments.get()
    assert (assignment.department, str(assignment.deadline)) == (administration, "2026-06-30")
    kinds = Change.objects.filter(action=action, by=admin, door=Door.ADMIN).values_list(
        "model", "kind"
    )
    assert sorted(kinds) == [
        ("action", "changed"),
        ("assignment", "changed"),
        ("assignment", "deleted"),
    ]


def test_the_code_of_a_new_action_is_remembered_when_the_action_is_gone(office, action, programme):
    data = action_data(action, code="115-41", title="增設哺集乳室")
    assert office.post(reverse("admin:items_action_add"), data).status_code == 302
    made = Action.objects.get(code="115-41")
    programme.refresh_from_db()
    assert programme.last_code == 41
    office.post(reverse("admin:items_action_delete", args=[made.pk]), {"post": "yes"})
    programme.refresh_from_db()
    assert programme.last_code == 41
    assert not Change.objects.filter(fields__has_key="last_code").exists()


@pytest.mark.one_engine
def test_a_deadline_that_cannot_be_read_is_refused_beside_its_field(office, action):
    first = action.assignments.order_by("id").first()
    data = action_data(action) | {
        "assignments-TOTAL_FORMS": 1, "assignments-INITIAL_FORMS": 1, "assignments-0-id": first.pk,
        "assignments-0-action": action.pk, "assignments-0-department": first.department_id, "assignments-0-kind": "lead",
        "assignments-0-position": 0, "assignments-0-deadline_text": "115年13月", "assignments-0-deadline": "",
    }  # fmt: skip
    response = office.post(page_of(action), data)
    assert response.status_code == 200
    assert "沒有 13 月" in response.content.decode()


@pytest.mark.one_engine
def test_an_action_for_every_department_is_handed_out_on_saving(
    office, make_action, administration, information
):
    action = make_action([administration])
    office.post(page_of(action), action_data(action, every_department="on"))
    assert action.assignments.count() == 2


def test_an_action_is_deleted_with_its_assignments_and_each_leaves_an_entry(office, action):
    office.post(reverse("admin:items_action_delete", args=[action.pk]), {"post": "yes"})
    assert not Action.objects.filter(pk=action.pk).exists()
    deleted = Change.objects.filter(kind="deleted").order_by("id").values_list("model", flat=True)
    assert list(deleted) == ["assignment", "assignment", "action"]


@pytest.mark.one_engine
def test_an_action_that_has_been_reported_on_stays(office, everything, action):
    office.post(reverse("admin:items_action_delete", args=[action.pk]), {"post": "yes"})
    assert Action.objects.filter(pk=action.pk).exists()
    assert not Change.objects.filter(kind="deleted").exists()


def test_several_strategies_chosen_together_leave_one_entry_each(office, programme):
    strategies = [
        Strategy.objects.create(programme=programme, number=number, title="策略")
        for number in (1, 2)
    ]
    methods = [
        Method.objects.create(strategy=strategy, position=1, title="方法")
        for strategy in strategies
    ]
    chosen = {
        "action": "delete_selected",
        "_selected_action": [method.pk for method in methods],
        "post": "yes",
    }
    office.post(listing("method"), chosen)
    assert not Method.objects.exists()
    assert Change.objects.filter(model="method", kind="deleted").count() == 2


@pytest.mark.one_engine
def test_the_markup_in_a_name_is_shown_as_text(office, programme):
    Department.objects.create(name="<script>alert(1)</script>", position=9)
    data = {"title": "<img src=x onerror=alert(1)>", "approved_on": "", "starts_on": "2026-01-01", "ends_on": "2026-12-31",
            "behind_threshold": 10, "soon_days": 30, "frequency": "quarter",
            "periods-TOTAL_FORMS": 0, "periods-INITIAL_FORMS": 0}  # fmt: skip
    office.post(page_of(programme), data)
    for address in (
        listing("department"),
        listing("programme"),
        listing("change"),
        reverse("admin:index"),
    ):
        text = office.get(address).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
