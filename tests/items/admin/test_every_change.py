"""Whatever is changed in the back office leaves its entry: every model, inline, action, page and file."""

import re
from dataclasses import dataclass
from datetime import date

import pytest
from django.contrib import admin as django_admin
from django.test import RequestFactory
from django.urls import reverse

from items.admin.flat_table_pages import ExchangeTable
from items.models import (
    Action,
    Assignment,
    Change,
    Department,
    Door,
    Membership,
    Method,
    Period,
    Plan,
    PlannedProgress,
    Programme,
    SecondFactor,
    SingleSignOn,
    Strategy,
    User,
)
from tests.filled_form import FormReader
from tests.items.admin import flat_tables
from tests.items.admin.admin_pages import listing, page_of
from tests.making import NOW, PASSWORD, make_user

DELETE, ACTION = "delete", "action"

ADDED = {
    Department: {"name": "業務處", "position": 3},
    User: {
        "username": "fang",
        "full_name": "方小姐",
        "password1": PASSWORD,
        "password2": PASSWORD,
    },
    Programme: {
        "year": 117,
        "title": "117年度計畫",
        "starts_on": "2028-01-01",
        "ends_on": "2028-12-31",
        "frequency": "quarter",
    },
    Strategy: {"programme": "year", "number": 7, "title": "新的策略"},
    Method: {"strategy": "strategy", "position": 7, "title": "新的方法"},
    Plan: {"method": "method", "position": 7, "title": "新的計畫"},
    Action: {"code": "115-77", "plan": "plan", "position": 7, "title": "新的作法"},
    Assignment: {
        "action": "other",
        "department": "department",
        "kind": "lead",
        "position": 7,
        "deadline_text": "115年12月",
        "deadline": "2026-12-31",
    },
    PlannedProgress: {"assignment": "second_share", "period": "period", "percent": 40},
}
"""{model: what somebody fills in for a new row}; a word that names a row of the world is its key."""

CHANGED = {
    Department: {"name": "行政管理處"},
    User: {"full_name": "王美齡"},
    Programme: {"behind_threshold": 15},
    Strategy: {"title": "改過的策略"},
    Method: {"title": "改過的方法"},
    Plan: {"title": "改過的計畫"},
    Action: {"title": "改過的作法"},
    Assignment: {"deadline_text": "115年6月", "deadline": "2026-06-30"},
    PlannedProgress: {"percent": 55},
}
"""{model: what somebody changes in the row that is there}."""

INLINES = {
    (Department, Membership): {"user": "guest", "role": "reporter"},
    (User, Membership): {"department": "elsewhere", "role": "reporter"},
    (Programme, Period): {"due_on": "2026-12-03"},
    (Action, Assignment): {
        "department": "elsewhere",
        "kind": "support",
        "position": 5,
        "deadline_text": "115年12月",
        "deadline": "2026-12-31",
    },
}
"""{(model, model of its inline): the row that somebody adds there, or the field that moves}."""

ACTIONS = {
    (Department, "deactivate"): "changed",
    (User, "deactivate"): "changed",
    (User, "give_chosen"): "leads to items_user_first_passwords",
}
"""{(model, action of its list): kind of the entry}; `delete_selected` is tried everywhere."""

PAGES = {
    "items_user_password_change": {
        "password1": "another horse 115",
        "password2": "another horse 115",
    },
    "items_user_password_link": {},
    "items_user_second_factor": {},
    "items_user_single_sign_on": {},
    "items_user_first_passwords": {},
    "items_programme_lay_out": {},
}
"""{page of its own in the back office: what is posted there}; each leaves an entry."""

READING = {
    "items_department_export_as", "items_department_template", "items_department_export",
    "items_user_export_as", "items_user_template", "items_user_export",
    "items_user_first_password_file",
    "items_assignment_export_as", "items_assignment_template", "items_assignment_export",
    "items_action_export_as", "items_action_export",
    "items_progressreport_export_as", "items_progressreport_export",
}  # fmt: skip
"""Pages that only give something out."""

IMPORTED = {
    Department: [flat_tables.DEPARTMENTS, ["業務處", 3, "是"]],
    User: [flat_tables.ACCOUNTS, ["fang", "方小姐", "", "單位同仁", "是", "行政處"]],
    Assignment: [flat_tables.ASSIGNMENTS, ["115-02", "行政處", "主辦", "115年12月"]],
}
"""{model: a file with one new row}."""


class AdminForm(FormReader):
    """The fields of the form of one row, its inlines included."""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form" and given.get("id", "").endswith("_form"):
            attrs = [*attrs, ("class", self.form_class)]
        super().handle_starttag(tag, attrs)


def form_of(page):
    reader = AdminForm("office")
    reader.feed(page.content.decode())
    # What the templates of new rows hold is not sent as a row.
    sent = {}
    for name, value in reader.values.items():
        if "__prefix__" not in name:
            # A list without any choice sends nothing worth a name.
            sent[name] = value or ""
    return sent


@dataclass(frozen=True)
class World:
    """The rows that the tables above name."""

    rows: dict

    def keys_for(self, wanted):
        filled = {}
        for name, value in wanted.items():
            is_row = isinstance(value, str) and value in self.rows
            filled[name] = self.rows[value].pk if is_row else value
        return filled

    def row_of(self, model):
        return next(row for row in self.rows.values() if type(row) is model)


@pytest.fixture
def world(make_action, administration, information, mei, programme, quarters):
    action, other = make_action([administration]), make_action()
    share = action.assignments.get()
    planned = PlannedProgress.objects.create(assignment=share, period=quarters[3], percent=30)
    elsewhere = Department.objects.create(name="港務處", position=5)
    third = make_action([information])
    plan = action.plan
    named = {
        "department": administration, "mei": mei, "year": programme,
        "strategy": plan.method.strategy, "method": plan.method, "plan": plan, "action": action,
        "share": share, "second_share": third.assignments.get(), "planned": planned, "other": other, "elsewhere": elsewhere,
        "guest": make_user("guest", "來客"), "period": quarters[3],
    }  # fmt: skip
    return World(named)


@pytest.fixture
def request_of_admin(admin):
    request = RequestFactory().get("/")
    request.user = admin
    return request


def registered():
    return dict(django_admin.site._registry)


def entries(model, kind):
    return Change.objects.filter(model=model._meta.model_name, kind=kind, door=Door.ADMIN)


@pytest.mark.one_engine
def test_every_model_action_inline_and_page_is_tried_or_only_reads(request_of_admin):
    adding, changing, inlines, actions, pages = set(), set(), set(), set(), set()
    importing = set()
    for model, page in registered().items():
        if page.has_add_permission(request_of_admin):
            adding.add(model)
        if page.has_change_permission(request_of_admin):
            changing.add(model)
        if page.has_change_permission(request_of_admin):
            inlines |= {(model, inline.model) for inline in page.inlines}
        for name in page.get_actions(request_of_admin):
            if name != "delete_selected":
                actions.add((model, name))
        if isinstance(page, ExchangeTable):
            importing.add(model)
        pages |= {address.name for address in page.get_urls() if address.name}
    usual = ("changelist", "add", "change", "delete", "history", "import", "process_import")
    own = set()
    for name in pages:
        if name.rsplit("_", 1)[-1] not in usual and not name.endswith("process_import"):
            own.add(name)
    assert adding == set(ADDED)
    assert changing == set(CHANGED)
    assert inlines == set(INLINES)
    assert actions == set(ACTIONS)
    assert importing == set(IMPORTED)
    assert own - READING | {"items_user_password_change"} == set(PAGES)


@pytest.mark.parametrize("model", ADDED)
def test_a_row_that_is_added_changed_and_deleted_leaves_an_entry_each_time(office, world, model):
    name = model._meta.model_name
    form = form_of(office.get(reverse(f"admin:items_{name}_add")))
    office.post(reverse(f"admin:items_{name}_add"), form | world.keys_for(ADDED[model]))
    made = entries(model, "created").get()
    assert model.objects.filter(pk=made.object_id).exists()

    row = world.row_of(model)
    form = form_of(office.get(page_of(row)))
    office.post(page_of(row), form | CHANGED[model])
    changed = entries(model, "changed").get()
    assert changed.object_id == row.pk
    assert set(CHANGED[model]) <= set(changed.fields)

    office.post(reverse(f"admin:items_{name}_delete", args=[made.object_id]), {"post": "yes"})
    assert not model.objects.filter(pk=made.object_id).exists()
    assert entries(model, "deleted").get().object_id == made.object_id


@pytest.mark.parametrize("model", ADDED)
def test_rows_that_are_deleted_from_the_list_leave_an_entry_each(
    office, world, model, request_of_admin
):
    if "delete_selected" not in registered()[model].get_actions(request_of_admin):
        # A year has its own page for that, where it says what is in the way.
        return
    name = model._meta.model_name
    form = form_of(office.get(reverse(f"admin:items_{name}_add")))
    office.post(reverse(f"admin:items_{name}_add"), form | world.keys_for(ADDED[model]))
    made = entries(model, "created").get().object_id
    chosen = {"action": "delete_selected", "_selected_action": made, "post": "yes"}
    office.post(listing(name), chosen)
    assert not model.objects.filter(pk=made).exists()
    assert entries(model, "deleted").get().object_id == made


@pytest.mark.parametrize(("model", "of_inline"), INLINES)
def test_a_row_beneath_another_leaves_an_entry(office, world, model, of_inline):
    row = world.row_of(model)
    wanted = world.keys_for(INLINES[model, of_inline])
    form = form_of(office.get(page_of(row)))
    prefix = next(name for name in form if name.endswith("-TOTAL_FORMS")).split("-")[0]
    if of_inline is Period:
        office.post(page_of(row), form | {f"{prefix}-3-due_on": wanted["due_on"]})
        assert entries(Period, "changed").get().fields["due_on"] == ["2026-12-01", "2026-12-03"]
        return
    number = int(form[f"{prefix}-INITIAL_FORMS"])
    form[f"{prefix}-TOTAL_FORMS"] = number + 1
    for field, value in wanted.items():
        form[f"{prefix}-{number}-{field}"] = value
    office.post(page_of(row), form)
    made = entries(of_inline, "created").get().object_id
    assert of_inline.objects.filter(pk=made).exists()

    form = form_of(office.get(page_of(row)))
    place = next(number for number in range(9) if form.get(f"{prefix}-{number}-id") == str(made))
    office.post(page_of(row), form | {f"{prefix}-{place}-DELETE": "on"})
    assert entries(of_inline, "deleted").get().object_id == made


@pytest.mark.parametrize(("model", "name"), ACTIONS)
def test_an_action_of_a_list_leaves_an_entry_or_leads_to_a_page_that_does(
    office, world, model, name
):
    row = world.row_of(model)
    chosen = {"action": name, "_selected_action": row.pk}
    answer = office.post(listing(model._meta.model_name), chosen)
    told = ACTIONS[model, name]
    if told.startswith("leads to "):
        assert answer.url.startswith(reverse(f"admin:{told.split()[-1]}"))
        assert not Change.objects.filter(door=Door.ADMIN).exists()
        return
    assert entries(model, told).get().object_id == row.pk


@pytest.mark.one_engine
def test_a_position_that_is_typed_in_the_list_leaves_an_entry(office, world):
    editable = [model for model, page in registered().items() if page.list_editable]
    assert editable == [Department]
    rows = list(Department.objects.order_by("position", "id"))
    sent = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(rows), "_save": "1"}
    for number, row in enumerate(rows):
        sent |= {f"form-{number}-id": row.pk, f"form-{number}-position": row.position}
    sent["form-0-position"] = 8
    office.post(listing("department"), sent)
    assert entries(Department, "changed").get().fields == {"position": [1, 8]}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_its_own_leaves_an_entry(office, world, programme, name):
    mei = world.rows["mei"]
    SecondFactor.objects.create(user=mei, seed="x", set_up_at=NOW)
    SingleSignOn.objects.create(user=mei, issuer="x", subject="x", linked_at=NOW)
    if name == "items_user_first_passwords":
        address = reverse(f"admin:{name}")
        # Only whoever has none gets one.
        mei.set_unusable_password()
        mei.save()
    elif name == "items_programme_lay_out":
        other = Programme.objects.create(
            year=118, title="x", starts_on=date(2029, 1, 1), ends_on=date(2029, 12, 31)
        )
        address = reverse(f"admin:{name}", args=[other.pk])
    elif name == "items_user_password_change":
        address = reverse("admin:auth_user_password_change", args=[mei.pk])
    else:
        address = reverse(f"admin:{name}", args=[mei.pk])
    sent = PAGES[name]
    if name == "items_user_first_passwords":
        # Each account with a mark of how its password stood.
        marks = re.findall(r'name="account" value="([^"]+)"', office.get(address).content.decode())
        sent = {"account": marks}
    before = Change.objects.filter(door=Door.ADMIN).count()
    office.post(address, sent)
    assert Change.objects.filter(door=Door.ADMIN).count() > before


@pytest.mark.parametrize("model", IMPORTED)
def test_a_file_leaves_an_entry_for_each_row(office, world, programme, model):
    headings, row = IMPORTED[model]
    about = {"programme": programme.pk} if model is Assignment else {}
    flat_tables.bring(office, model._meta.model_name, headings, row, **about)
    made = Change.objects.filter(model=model._meta.model_name, kind="created", door="import").get()
    assert model.objects.filter(pk=made.object_id).exists()
