"""Two people on one record of the back office: the second is told, sees both, and loses nothing."""

import re
import threading
import time
from html.parser import HTMLParser

import pytest
from django.db import connection, transaction
from django.urls import reverse

from items.models import Assignment, Change, Department
from items.workflow import history
from tests.making import NOW, make_user

WAITING = 0.3
"""Seconds for the second press to come as far as the first one lets it."""


class SentFields(HTMLParser):
    """What a browser would send of the page's main form: {name: value}."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.values = {}
        self.textarea = self.select = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name")
        if tag == "input" and name and given.get("type") not in ("submit", "search"):
            if given.get("type") != "checkbox":
                self.values[name] = given.get("value", "")
            elif "checked" in given:
                self.values[name] = "on"
        elif tag == "textarea":
            self.textarea = name
            self.values[name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.values[self.select] = given["value"]

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.textarea = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data):
        if self.textarea:
            self.values[self.textarea] += data


def fields_of(response):
    parser = SentFields()
    parser.feed(response.content.decode())
    # A browser sends line breaks as two characters, and leaves out the one after <textarea>.
    return {
        name: value.removeprefix("\n").replace("\r\n", "\n").replace("\n", "\r\n")
        for name, value in parser.values.items()
        if "__prefix__" not in name
    }


def page_of(obj):
    return reverse(f"admin:items_{obj._meta.model_name}_change", args=[obj.pk])


def words_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def marked_fields(response):
    """The classes of the rows that the page marks as wrong."""
    return re.findall(r'class="form-row errors (field-\w+)"', response.content.decode())


@pytest.fixture
def first(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def second(db):
    from django.test import Client

    client = Client()
    client.force_login(make_user("second", "第二位管理", "admin"))
    return client


@pytest.fixture
def action(make_action, administration, information):
    return make_action(
        [administration, information], title="設置\n休憩區", expected_benefit="便利。"
    )


def test_whoever_saves_second_is_told_and_nothing_is_lost(first, second, action):
    seen_by_both = fields_of(second.get(page_of(action)))
    first.post(page_of(action), seen_by_both | {"expected_benefit": "增進便利。"})
    refused = second.post(page_of(action), seen_by_both | {"title": "設置哺集乳室"})

    assert refused.status_code == 200
    assert "系統管理員在115年11月22日" in words_of(refused)
    assert "改過這一筆資料" in words_of(refused)
    assert "預期效益：已經改成「增進便利。」" in words_of(refused)
    # The page says that fields are marked, so one is.
    assert marked_fields(refused) == ["field-expected_benefit"]
    action.refresh_from_db()
    assert (action.title, action.expected_benefit) == ("設置\n休憩區", "增進便利。")

    # The page that comes back holds the changes of both.
    shown = fields_of(refused)
    assert (shown["title"], shown["expected_benefit"]) == ("設置哺集乳室", "增進便利。")
    assert second.post(page_of(action), shown).status_code == 302
    action.refresh_from_db()
    assert (action.title, action.expected_benefit) == ("設置哺集乳室", "增進便利。")
    assert Change.objects.filter(model="action").count() == 2


def test_a_field_that_both_have_changed_shows_both_and_keeps_the_second_s(first, second, action):
    seen_by_both = fields_of(second.get(page_of(action)))
    first.post(page_of(action), seen_by_both | {"title": "甲的文字"})
    refused = second.post(page_of(action), seen_by_both | {"title": "乙的文字"})
    assert "現在是「甲的文字」，您要改成「乙的文字」" in words_of(refused)
    assert fields_of(refused)["title"] == "乙的文字"
    second.post(page_of(action), fields_of(refused))
    action.refresh_from_db()
    assert action.title == "乙的文字"


def test_the_same_change_by_both_is_no_conflict(first, second, action):
    seen_by_both = fields_of(second.get(page_of(action)))
    for person in (first, second):
        answer = person.post(page_of(action), seen_by_both | {"expected_benefit": "一樣。"})
        assert answer.status_code == 302


def test_a_text_of_two_lines_that_is_saved_again_has_not_changed(first, action):
    first.post(page_of(action), fields_of(first.get(page_of(action))) | {"position": "9"})
    assert Change.objects.get().fields == {"position": [1, 9]}


def test_a_page_that_nobody_has_overtaken_is_saved_at_once(first, action):
    seen = fields_of(first.get(page_of(action)))
    assert first.post(page_of(action), seen | {"every_department": "on"}).status_code == 302
    action.refresh_from_db()
    assert action.every_department


def test_a_row_within_a_page_is_compared_too(first, second, action, administration):
    seen_by_both = fields_of(second.get(page_of(action)))
    assignment = Assignment.objects.get(action=action, department=administration)
    alone = fields_of(first.get(page_of(assignment)))
    deadline = {"deadline_text": "115年6月", "deadline": "115/06/30"}
    assert first.post(page_of(assignment), alone | deadline).status_code == 302

    refused = second.post(page_of(action), seen_by_both | {"title": "乙的文字"})
    assert "完成期限：已經改成「115年6月30日」" in words_of(refused)
    shown = fields_of(refused)
    assert second.post(page_of(action), shown).status_code == 302
    action.refresh_from_db()
    assignment.refresh_from_db()
    assert (action.title, assignment.deadline_text) == ("乙的文字", "115年6月")


def test_a_box_that_was_ticked_off_meanwhile_stays_off(first, second, administration):
    address = page_of(administration)
    seen_by_both = fields_of(second.get(address))
    switched_off = {name: value for name, value in seen_by_both.items() if name != "is_active"}
    first.post(address, switched_off)
    refused = second.post(address, seen_by_both | {"position": "7"})
    assert "使用中：已經改成「否」" in words_of(refused)
    assert "is_active" not in fields_of(refused)
    second.post(address, fields_of(refused))
    administration.refresh_from_db()
    assert (administration.is_active, administration.position) == (False, 7)


def test_an_account_and_a_year_are_compared_too(first, second, mei, programme):
    seen_by_both = fields_of(second.get(page_of(mei)))
    first.post(page_of(mei), seen_by_both | {"role": "auditor"})
    refused = second.post(page_of(mei), seen_by_both | {"full_name": "王美齡"})
    assert "全公司角色：已經改成「稽核」" in words_of(refused)
    seen_by_both = fields_of(second.get(page_of(programme)))
    first.post(page_of(programme), seen_by_both | {"soon_days": "20"})
    refused = second.post(page_of(programme), seen_by_both | {"soon_days": "40"})
    assert "現在是「20」，您要改成「40」" in words_of(refused)


def test_a_list_whose_rows_are_edited_is_compared_too(first, second, administration, information):
    listing = reverse("admin:items_department_changelist")
    seen_by_both = fields_of(second.get(listing)) | {"_save": "1"}
    first.post(listing, seen_by_both | {"form-0-position": "5"})
    refused = second.post(listing, seen_by_both | {"form-1-position": "8"})
    assert "排序：已經改成「5」" in words_of(refused)
    second.post(listing, fields_of(refused) | {"_save": "1"})
    assert set(Department.objects.values_list("position", flat=True)) == {5, 8}


def test_a_row_that_was_changed_meanwhile_is_not_deleted_unseen(
    first, second, action, administration
):
    assignment = Assignment.objects.get(action=action, department=administration)
    seen = fields_of(second.get(page_of(action)))
    [number] = re.findall(rf"assignments-(\d)-id value={assignment.pk}\b", joined(seen))
    deadline = {"deadline_text": "115年6月", "deadline": "115/06/30"}
    first.post(page_of(assignment), fields_of(first.get(page_of(assignment))) | deadline)

    ticked = {f"assignments-{number}-DELETE": "on"}
    refused = second.post(page_of(action), seen | ticked)
    assert "勾了「刪除」的資料裡，有一筆剛才別人改過" in words_of(refused)
    assert "完成期限：已經改成「115年6月30日」" in words_of(refused)
    assert Assignment.objects.filter(pk=assignment.pk).exists()
    # The tick stays; whoever has read it saves again.
    assert second.post(page_of(action), fields_of(refused)).status_code == 302
    assert not Assignment.objects.filter(pk=assignment.pk).exists()


def test_what_was_changed_after_the_question_is_shown_before_it_is_deleted(
    first, second, make_action, administration
):
    row = Assignment.objects.get(action=make_action([administration]))
    question = reverse("admin:items_assignment_delete", args=[row.pk])
    asked = re.search(r'name="seen" value="(\d*)"', second.get(question).content.decode())[1]
    deadline = {"deadline_text": "115年6月", "deadline": "115/06/30"}
    first.post(page_of(row), fields_of(first.get(page_of(row))) | deadline)

    told = second.post(question, {"post": "yes", "seen": asked}, follow=True)
    assert "沒有刪除：您開啟這一頁之後，系統管理員在115年11月22日" in words_of(told)
    assert "115年6月" in words_of(told)
    assert Assignment.objects.filter(pk=row.pk).exists()
    asked = re.search(r'name="seen" value="(\d+)"', told.content.decode())[1]
    second.post(question, {"post": "yes", "seen": asked})
    assert not Assignment.objects.filter(pk=row.pk).exists()


def joined(fields):
    return " ".join(f"{name} value={value}" for name, value in fields.items())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", ["page", "row of another page", "list"])
def test_at_the_same_moment_the_second_is_told_too(first, admin, action, administration, door):
    """Were the rows not held, the second would be compared before the first has written."""
    row = administration
    change = {"position": 5}
    sent = {"position": "8"}
    address = page_of(administration)
    sentence = "排序：現在是「5」，您要改成「8」"
    if door == "row of another page":
        row = Assignment.objects.get(action=action, department=administration)
        address = page_of(action)
        change = {"deadline_text": "115年6月", "deadline": "2026-06-30"}
        sent = {"title": "乙的文字"}
        sentence = "期限寫法：已經改成「115年6月」"
    if door == "list":
        address = reverse("admin:items_department_changelist")
        sent = {"form-0-position": "8", "_save": "1"}
    seen = fields_of(first.get(address))
    answers = []

    def press():
        try:
            answers.append(first.post(address, seen | sent))
        finally:
            connection.close()

    thread = threading.Thread(target=press)
    with transaction.atomic():
        for name, value in change.items():
            setattr(row, name, value)
        history.save(row, by=admin, at=NOW)
        thread.start()
        time.sleep(WAITING)
    thread.join(20)
    [answer] = answers
    assert answer.status_code == 200
    assert sentence in words_of(answer)
    row.refresh_from_db()
    assert str(getattr(row, next(iter(change)))) == str(next(iter(change.values())))
