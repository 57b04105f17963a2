"""初始密碼 for many accounts: shown once, kept nowhere, and never over a password that nobody saw."""

import io
import logging
import re
from html import unescape

import pytest
from django.contrib.auth.password_validation import validate_password
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from items.models import Change, User
from items.workflow import WorkflowError
from items.workflow.first_passwords import CHARACTERS, FirstPassword, readable_password
from tests.making import PASSWORD, make_user

PAGE = reverse("admin:items_user_first_passwords")
BOX = re.compile(r'name="account" value="(?P<value>[^"]+)"[^>]*?(?P<ticked> checked)?>')
SLIP = re.compile(r"<code>(?P<username>[^<]+)</code>[\s\S]*?<code>(?P<password>[^<]+)</code>")


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def newcomers(administration):
    """Three accounts as an import makes them: without a password."""
    people = []
    for username, name in [("fang", "方小姐"), ("gao", "高先生"), ("he", "何先生")]:
        user = make_user(username, name, reporter=administration)
        user.set_unusable_password()
        user.save()
        people.append(user)
    return people


def words_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def boxes_of(response):
    """{key: value of the box} and the keys that are ticked."""
    values, ticked = {}, set()
    for match in BOX.finditer(response.content.decode()):
        key = int(match["value"].split(":")[0])
        values[key] = match["value"]
        if match["ticked"]:
            ticked.add(key)
    return values, ticked


def passwords_of(response):
    return {
        match["username"]: match["password"] for match in SLIP.finditer(response.content.decode())
    }


def test_all_accounts_without_a_password_get_one_each_on_slips_to_print(office, newcomers, mei):
    values, ticked = boxes_of(office.get(PAGE))
    assert ticked == set(values) == {user.pk for user in newcomers}
    response = office.post(PAGE, {"account": list(values.values())})
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    passwords = passwords_of(response)
    assert set(passwords) == {"fang", "gao", "he"}
    assert len(set(passwords.values())) == 3
    words = words_of(response)
    assert "方小姐" in words
    assert "行政處（承辦人）" in words
    assert "http://testserver/" in words
    for user in newcomers:
        user.refresh_from_db()
        assert user.check_password(passwords[user.username])
        assert user.must_change_password
    mei.refresh_from_db()
    assert mei.check_password(PASSWORD)


@pytest.mark.one_engine
def test_the_person_signs_in_with_it_and_has_to_choose_another(office, newcomers):
    values, _ = boxes_of(office.get(PAGE))
    passwords = passwords_of(office.post(PAGE, {"account": list(values.values())}))
    browser = Client()
    data = {"username": "fang", "password": passwords["fang"]}
    response = browser.post(reverse("login"), data, follow=True)
    assert response.redirect_chain[-1][0] == reverse("password_change")


def test_the_history_says_to_whom_by_whom_and_nothing_of_the_password(office, newcomers, admin):
    values, _ = boxes_of(office.get(PAGE))
    passwords = passwords_of(office.post(PAGE, {"account": list(values.values())}))
    entries = Change.objects.filter(model="user")
    assert {entry.object_id for entry in entries} == {user.pk for user in newcomers}
    for entry in entries:
        assert entry.by == admin
        assert entry.fields["password"] == [None, "由系統管理發給初始密碼"]
    kept = str([entry.fields for entry in entries])
    for password in passwords.values():
        assert password not in kept
    # Nor in a session, an upload or anywhere else that the database holds.
    from django.contrib.sessions.models import Session

    for session in Session.objects.all():
        assert not set(passwords.values()) & set(str(session.get_decoded()).split("'"))


@pytest.mark.one_engine
def test_no_password_is_logged_or_stands_in_the_words_of_an_object(office, newcomers, caplog):
    with caplog.at_level(logging.DEBUG):
        values, _ = boxes_of(office.get(PAGE))
        passwords = passwords_of(office.post(PAGE, {"account": list(values.values())}))
    for password in passwords.values():
        assert password not in caplog.text
    assert "geheim" not in repr(FirstPassword(newcomers[0], "geheim"))


def test_a_page_that_is_sent_twice_gives_nothing_the_second_time(office, newcomers):
    values, _ = boxes_of(office.get(PAGE))
    first = passwords_of(office.post(PAGE, {"account": list(values.values())}))
    second = office.post(PAGE, {"account": list(values.values())}, follow=True)
    assert passwords_of(second) == {}
    assert "密碼已經發過" in words_of(second)
    for user in newcomers:
        user.refresh_from_db()
        assert user.check_password(first[user.username])


@pytest.mark.one_engine
def test_an_existing_password_is_replaced_only_where_somebody_ticks_it(office, newcomers, mei):
    address = f"{PAGE}?account={mei.pk}&account={newcomers[0].pk}"
    page = office.get(address)
    assert "原來的密碼立即不能用" in words_of(page)
    values, ticked = boxes_of(page)
    assert set(values) == {mei.pk, newcomers[0].pk}
    assert ticked == {newcomers[0].pk}
    given = passwords_of(office.post(address, {"account": [values[mei.pk]]}))
    mei.refresh_from_db()
    assert mei.check_password(given["mei"])
    entry = Change.objects.get(model="user", object_id=mei.pk)
    assert entry.fields["must_change_password"] == [False, True]


def test_the_chosen_rows_of_the_list_lead_to_the_page_that_asks(office, newcomers):
    data = {"action": "give_chosen", "_selected_action": [newcomers[0].pk, newcomers[1].pk]}
    response = office.post(reverse("admin:items_user_changelist"), data, follow=True)
    values, ticked = boxes_of(response)
    assert ticked == set(values) == {newcomers[0].pk, newcomers[1].pk}
    assert not User.objects.get(pk=newcomers[0].pk).has_password


@pytest.mark.one_engine
def test_oneself_and_those_who_have_left_are_named_and_get_none(office, admin, newcomers):
    left = newcomers[0]
    left.is_active = False
    left.save()
    page = office.get(f"{PAGE}?account={admin.pk}&account={left.pk}")
    assert boxes_of(page)[0] == {}
    words = words_of(page)
    assert "方小姐（已停用）" in words
    assert "系統管理員（自己的密碼" in words
    from items.workflow.first_passwords import password_mark

    forged = {"account": [f"{left.pk}:{password_mark(left)}", f"{admin.pk}:{password_mark(admin)}"]}
    assert passwords_of(office.post(PAGE, forged, follow=True)) == {}
    admin.refresh_from_db()
    assert admin.check_password(PASSWORD)


@pytest.mark.one_engine
@pytest.mark.parametrize("sent", [[], ["x"], ["9" * 5000 + ":y"], ["²:y"], [":"]])
def test_nothing_ticked_or_nonsense_is_answered_in_a_sentence(office, newcomers, sent):
    response = office.post(PAGE, {"account": sent}, follow=True)
    assert response.status_code == 200
    assert "還沒有勾選任何帳號" in words_of(response)


@pytest.mark.one_engine
def test_with_nobody_left_the_page_says_so_and_where_to_turn(office):
    assert "使用中的帳號都已經有密碼" in words_of(office.get(PAGE))


def test_more_than_fifty_are_given_in_parts(office, administration):
    for number in range(53):
        User.objects.create(username=f"u{number:02}", full_name=f"第{number}位", password="!x")
    page = office.get(PAGE)
    assert len(boxes_of(page)[0]) == 50
    assert "還有 3 個請再做一次" in words_of(page)
    sent = [f"{user.pk}:mark" for user in User.objects.without_password()]
    response = office.post(PAGE, {"account": sent}, follow=True)
    assert "一次最多發給 50 個帳號初始密碼" in words_of(response)


@pytest.mark.one_engine
def test_the_number_of_queries_does_not_grow(office, newcomers, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        office.get(PAGE)
    for number in range(30):
        User.objects.create(username=f"u{number:02}", full_name=f"第{number}位", password="!x")
    with django_assert_max_num_queries(16):
        office.get(PAGE)


@pytest.mark.one_engine
@pytest.mark.parametrize("extension", ["xlsx", "ods", "csv"])
def test_the_slips_are_saved_as_a_file(office, newcomers, extension):
    values, _ = boxes_of(office.get(PAGE))
    page = office.post(PAGE, {"account": list(values.values())})
    packed = unescape(re.search(r'name="slips" value="([^"]+)"', page.content.decode())[1])
    address = reverse("admin:items_user_first_password_file", args=[extension])
    file = office.post(address, {"slips": packed})
    assert file.status_code == 200
    assert file["Cache-Control"] == "no-store"
    passwords = passwords_of(page)
    if extension == "csv":
        text = file.content.decode("utf-8-sig")
        assert f'"fang","{passwords["fang"]}","http://testserver/"' in text
    if extension == "xlsx":
        sheet = load_workbook(io.BytesIO(file.content)).active
        cells = [cell for row in sheet.values for cell in row]
        assert passwords["gao"] in cells


@pytest.mark.one_engine
def test_a_list_that_this_server_has_not_made_is_no_file(office, newcomers):
    address = reverse("admin:items_user_first_password_file", args=["csv"])
    response = office.post(address, {"slips": "W10:forged:signature"}, follow=True)
    assert "不能再下載" in words_of(response)
    assert office.get(address).status_code == 405
    assert (
        office.post(reverse("admin:items_user_first_password_file", args=["exe"])).status_code
        == 404
    )


@pytest.mark.one_engine
@pytest.mark.parametrize("role", ["mei", "head", "coordinator", "manager", "auditor"])
def test_only_the_information_office_gives_passwords(client, request, newcomers, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(PAGE).status_code == 403
    values = [f"{user.pk}:x" for user in newcomers]
    assert client.post(PAGE, {"account": values}).status_code == 403
    address = reverse("admin:items_user_first_password_file", args=["csv"])
    assert client.post(address, {"slips": "x"}).status_code == 403


def test_the_list_says_who_has_no_password_and_filters_them(office, newcomers, mei):
    mei.must_change_password = True
    mei.save()
    User.objects.create(username="shell", full_name="空密碼", password="")
    listing = reverse("admin:items_user_changelist")
    page = words_of(office.get(listing))
    assert "發給初始密碼（4 個帳號沒有密碼）" in page
    names = {
        "none": {"fang", "gao", "he", "shell"},
        "first": {"mei"},
        "own": {"admin"},
    }
    for value, expected in names.items():
        rows = office.get(listing, {"sign_in": value}).context["cl"].result_list
        assert {user.username for user in rows} == expected, value


@pytest.mark.one_engine
def test_passwords_are_easy_to_read_and_allowed(db, settings, mei):
    for _ in range(200):
        password = readable_password(mei)
        assert re.fullmatch(rf"[{CHARACTERS}]{{4}}(-[{CHARACTERS}]{{4}}){{2}}", password)
        validate_password(password, mei)
    assert not set("0o1liIO2zs5") & set(CHARACTERS)


@pytest.mark.one_engine
def test_a_stricter_rule_makes_longer_passwords_and_an_impossible_one_a_sentence(settings, mei):
    rule = "django.contrib.auth.password_validation.MinimumLengthValidator"
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": rule, "OPTIONS": {"min_length": 22}}]
    assert len(readable_password(mei)) == 24
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": rule, "OPTIONS": {"min_length": 99}}]
    with pytest.raises(WorkflowError, match="密碼規定太嚴"):
        readable_password(mei)
