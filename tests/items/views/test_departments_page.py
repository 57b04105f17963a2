"""單位: the plan office makes, names, orders, ends and deletes departments by itself."""

import re

import pytest
from django.db import connection
from django.db.models import PROTECT
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from items.models import Assignment, Change, Department, Door, Membership
from tests.making import TODAY, make_user


def words(response):
    return response.content.decode()


def names():
    return list(Department.objects.order_by("position", "id").values_list("name", flat=True))


@pytest.fixture(autouse=True)
def _on_the_day(settings):
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DATE = TODAY


@pytest.fixture
def office(sign_in, coordinator, programme):
    return sign_in(coordinator)


@pytest.fixture
def add(office):
    def add(typed):
        return office.post(reverse("departments", args=[115]), {"names": typed}, follow=True)

    return add


@pytest.fixture
def step(office):
    def step(department, name):
        address = reverse("department_step", args=[115, department.pk, name])
        return office.post(address, follow=True)

    return step


@pytest.fixture
def save(office):
    """save(department, name=…, behind=…) → what the plan office reads after saving its page."""

    def save(department, *, name=None, behind=None, seen=None):
        data = {
            "name": name or department.name,
            "behind": behind.pk if behind else "",
            "initial-name": seen or department.name,
        }
        address = reverse("department", args=[115, department.pk])
        return office.post(address, data, follow=True)

    return save


def test_several_are_made_at_once_one_a_line(add, coordinator, administration, make_action):
    make_action([administration], every_department=True)
    answer = words(add("業務處\r\n\r\n　港務處　\n工程處"))
    assert "已新增 3 個單位：業務處、港務處、工程處。" in answer
    assert names() == ["行政處", "業務處", "港務處", "工程處"]
    made = Department.objects.get(name="業務處")
    entry = Change.objects.get(model="department", object_id=made.pk)
    assert (entry.kind, entry.by, entry.door) == ("created", coordinator, Door.PAGE)
    # What goes to 各單位 goes to a new one as well.
    assert Assignment.objects.filter(department=made).count() == 1


@pytest.mark.one_engine
def test_every_line_that_cannot_be_made_is_said_and_nothing_is_written(add, administration):
    Department.objects.create(name="裁撤科", is_active=False)
    answer = words(add("業務處\n人事、政風室\n行政處\n裁撤科\n業務處\n" + "長" * 51))
    assert "第 2 行：單位名稱「人事、政風室」裡有頓號" in answer
    assert "第 3 行：已經有「行政處」這個單位。" in answer
    assert "第 4 行：「裁撤科」已經有了，只是停用；請在下面把它啟用。" in answer
    assert "第 5 行：「業務處」前面已經寫過了" in answer
    assert "第 6 行：名稱有 51 個字，最多 50 個字。" in answer
    # What was typed is still there.
    assert "業務處\n人事、政風室" in answer
    assert not Department.objects.filter(name="業務處").exists()


@pytest.mark.one_engine
def test_nothing_typed_is_asked_for(add):
    assert "請寫出單位名稱，一行一個。" in words(add(" \n "))


@pytest.mark.one_engine
def test_the_list_says_who_is_there_and_what_is_missing(
    office, mei, head, administration, information, make_action, manager
):
    make_action([administration])
    # Somebody who also is 首長 writes nothing.
    Membership.objects.create(user=manager, department=information)
    answer = words(office.get(reverse("departments", args=[115])))
    assert "1 件</a>" in answer
    assert "沒有任何人員，分辦給它的項目沒有人能填報。" in answer
    head.is_active = False
    head.save()
    answer = words(office.get(reverse("departments", args=[115])))
    assert "沒有單位主管，辦理情形直接送研考。" in answer


@pytest.mark.one_engine
def test_an_empty_office_is_told_where_to_begin(office):
    assert "還沒有使用中的單位。先在下面新增" in words(
        office.get(reverse("departments", args=[115]))
    )


@pytest.mark.one_engine
def test_a_name_is_changed_with_its_history(save, administration, coordinator):
    assert "已儲存總務處。" in words(save(administration, name="總務處"))
    entry = Change.objects.get(model="department")
    assert entry.fields == {"name": ["行政處", "總務處"]}
    assert entry.by == coordinator


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("人事、政風室", "單位名稱「人事、政風室」裡有頓號"),
        ("資訊室", "已經有「資訊室」這個單位。"),
        ("各單位", "「各單位」是全部單位的意思"),
        (" ", "請寫出單位名稱。"),
        ("長" * 51, "名稱最多 50 個字。"),
    ],
)
def test_a_name_that_no_file_can_carry_is_refused(
    save, administration, information, name, sentence
):
    answer = words(save(administration, name=name))
    assert sentence in answer
    assert "<h1>行政處" in answer
    administration.refresh_from_db()
    assert administration.name == "行政處"


def test_the_second_of_two_people_is_told_of_the_first(save, administration):
    save(administration, name="總務處")
    answer = words(save(administration, name="行政室", seen="行政處"))
    assert "您開啟這一頁之後，顏研考在115年11月22日" in answer
    assert "現在是「總務處」，您要改成「行政室」" in answer
    assert names() == ["總務處"]
    # The page that came back has seen the new name.
    [seen] = re.findall(r'name="initial-name" value="([^"]*)"', answer)
    save(administration, name="行政室", seen=seen)
    assert names() == ["行政室"]


@pytest.mark.one_engine
def test_departments_change_places(save, step, administration, information):
    third = Department.objects.create(name="業務處", position=3)
    step(third, "up")
    assert names() == ["行政處", "業務處", "資訊室"]
    step(third, "up")
    step(third, "up")
    assert names() == ["業務處", "行政處", "資訊室"]
    step(third, "down")
    assert names() == ["行政處", "業務處", "資訊室"]
    save(administration, behind=information)
    assert names() == ["業務處", "資訊室", "行政處"]
    save(administration, behind=None)
    assert names() == ["行政處", "業務處", "資訊室"]


def test_places_that_are_all_the_same_become_an_order(step, programme):
    # As an import of old gave them.
    for name in ("甲處", "乙處", "丙處"):
        Department.objects.create(name=name, position=0)
    step(Department.objects.get(name="丙處"), "up")
    assert names() == ["甲處", "丙處", "乙處"]


@pytest.mark.one_engine
def test_one_out_of_use_is_passed_over(step, administration, information):
    last = Department.objects.create(name="業務處", position=3)
    information.is_active = False
    information.save()
    step(last, "up")
    assert names()[0] == "業務處"


def test_saving_without_a_change_leaves_no_history(save, administration, information):
    assert "資訊室沒有變動。" in words(save(information, behind=administration))
    assert not Change.objects.exists()


@pytest.mark.one_engine
def test_a_department_ends_and_begins_again(step, office, administration, information, make_action):
    make_action([administration])
    page = words(office.get(reverse("department", args=[115, administration.pk])))
    assert "它還有列管中的分辦：115 年度 1 件。" in page
    assert "已停用行政處；既有的分辦與辦理情形都保留。" in words(step(administration, "deactivate"))
    administration.refresh_from_db()
    assert not administration.is_active
    assert administration.assignments.count() == 1
    make_action([information], every_department=True)
    answer = words(step(administration, "activate"))
    assert "已啟用行政處。分辦「各單位」的 1 項已分給它。" in answer
    assert administration.assignments.count() == 2


def test_only_a_department_that_nothing_refers_to_is_deleted(step, office, mei, administration):
    page = words(office.get(reverse("department", args=[115, administration.pk])))
    assert "行政處還有 1 位人員，不能刪除" in page
    assert reverse("department_step", args=[115, administration.pk, "delete"]) not in page
    assert "行政處還有 1 位人員，不能刪除" in words(step(administration, "delete"))
    empty = Department.objects.create(name="打錯字處", position=9)
    assert "已刪除打錯字處。" in words(step(empty, "delete"))
    assert names() == ["行政處"]
    assert Change.objects.get(model="department").kind == "deleted"


def test_what_refers_to_a_department_is_what_its_deletion_asks_about():
    """A new relation that must not lose its department has to be asked about, too."""
    protecting = set()
    for relation in Department._meta.get_fields(include_hidden=True):
        if getattr(relation, "on_delete", None) is PROTECT and relation.auto_created:
            protecting.add(relation.related_model._meta.model_name)
    assert protecting == {
        "membership",
        "assignment",
        "directiveanswer",
        "controlrequest",
        # Asked about with the application that it belongs to.
        "successorshare",
        "question",
        "reminderletter",
    }


@pytest.mark.one_engine
def test_an_unknown_step_and_an_unknown_department_are_not_there(office, step, administration):
    assert step(administration, "burn").status_code == 404
    assert office.get(reverse("department", args=[115, 999])).status_code == 404
    address = reverse("department_step", args=[115, administration.pk, "delete"])
    assert office.get(address).status_code == 405


@pytest.mark.one_engine
def test_the_number_of_queries_does_not_depend_on_the_number_of_departments(office, make_action):
    def add(number):
        for _ in range(number):
            place = Department.objects.next_position()
            department = Department.objects.create(name=f"第{place}處", position=place)
            make_user(f"user{place}", "某人", reporter=department)
            make_action([department])

    def count():
        with CaptureQueriesContext(connection) as queries:
            office.get(reverse("departments", args=[115]))
        return len(queries)

    add(2)
    office.get(reverse("departments", args=[115]))
    before = count()
    add(10)
    assert count() == before
