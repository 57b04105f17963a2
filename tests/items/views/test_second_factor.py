"""雙重驗證: set up with a phone, asked for at signing in, required by role, reset by the office."""

import logging
import re
from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from items.models import Change, Deputy, RecoveryCode, Role, SecondFactor, User
from plan_tracker import one_time_codes
from plan_tracker.role_names import ROLE_NAMES
from tests.items.views.answers import text_of
from tests.items.views.phones import (
    CODE,
    CODES,
    LOCKED,
    PAPER,
    REMOVE,
    SET_UP,
    Phone,
    enter,
    is_signed_in,
    set_up,
)
from tests.making import NOW, PASSWORD, TODAY

pytestmark = pytest.mark.usefixtures("programme")


@pytest.fixture(autouse=True)
def _quietly(caplog):
    caplog.set_level(logging.CRITICAL, logger="axes")


@pytest.fixture
def phone(desk, clock):
    """The phone of 美, a minute after it was set up."""
    shown, _ = set_up(desk)
    clock.shift(60)
    return shown


def with_code(phone, **more):
    """A new browser that has signed in with password and code."""
    client = Client()
    answer = enter(client, "mei", **more)
    assert answer.url == CODE
    return client, client.post(CODE, {"code": phone.code()})


# Setting it up.


def test_the_page_shows_a_qr_code_and_gives_codes_for_paper_once(desk, mei):
    page = desk.get(SET_UP)
    # Without a viewBox a smaller screen would cut the code off instead of shrinking it.
    assert re.search(r"<svg [^>]*viewBox=", page.content.decode())
    assert "style=" not in page.content.decode()
    codes = PAPER.findall(desk.post(SET_UP, {"code": Phone(page).code()}).content.decode())
    assert len(set(codes)) == 10
    state = text_of(desk.get(SET_UP))
    assert "備援碼還有 10 個" in state
    assert not PAPER.search(state)
    # The database holds neither the secret nor the codes.
    seed = SecondFactor.objects.get(user=mei).seed
    assert one_time_codes.secret_of(seed) != seed
    kept = set(RecoveryCode.objects.values_list("hashed", flat=True))
    assert not kept.intersection(codes)


def test_a_wrong_code_sets_up_nothing_and_the_qr_code_stays(desk):
    phone = Phone(desk.get(SET_UP))
    answer = desk.post(SET_UP, {"code": "12345"})
    assert "驗證碼不對" in text_of(answer)
    assert Phone(answer).code() == phone.code()
    assert not SecondFactor.objects.exists()


def test_a_page_that_was_left_open_sets_up_nothing(desk, clock):
    phone = Phone(desk.get(SET_UP))
    clock.shift(29 * 60)
    desk.get("/115/plan/")
    clock.shift(2 * 60)
    answer = desk.post(SET_UP, {"code": phone.code()})
    assert "請重新登入，再設定" in text_of(answer)
    assert not SecondFactor.objects.exists()


def test_setting_it_up_ends_the_sessions_that_were_begun_without_it(desk, clock):
    other = Client()
    enter(other, "mei")
    set_up(desk)
    assert is_signed_in(desk)
    assert not is_signed_in(other)


# Signing in.


def test_the_password_alone_opens_nothing(phone):
    client = Client()
    assert enter(client, "mei").url == CODE
    assert "填現在顯示的六位數字" in text_of(client.get(CODE))
    assert not is_signed_in(client)
    assert client.get("/session/").json()["user"] is None


@pytest.mark.one_engine
def test_with_the_code_one_comes_to_the_page_that_was_asked_for(phone, mei):
    client, answer = with_code(phone, next="/115/plan/")
    assert answer.url == "/115/plan/"
    assert is_signed_in(client)
    # Typed with a space, or with full-width figures.
    other = Client()
    enter(other, "mei")
    code = phone.code(later=1)
    wide = code[:3] + " " + "".join(chr(ord(figure) + 0xFEE0) for figure in code[3:])
    assert other.post(CODE, {"code": wide}).status_code == 302


def test_a_code_is_taken_once(phone, clock):
    with_code(phone)
    other = Client()
    enter(other, "mei")
    assert "已經用過了" in text_of(other.post(CODE, {"code": phone.code()}))
    # Nor one that is older than a used one, though its clock would allow it.
    assert other.post(CODE, {"code": phone.code(later=-1)}).status_code == 200
    clock.shift(30)
    assert other.post(CODE, {"code": phone.code()}).status_code == 302


def test_a_clock_that_is_a_minute_off_is_too_far(phone):
    client = Client()
    enter(client, "mei")
    assert client.post(CODE, {"code": phone.code(later=2)}).status_code == 200
    assert client.post(CODE, {"code": phone.code(later=-2)}).status_code == 200


def test_a_code_on_paper_takes_the_place_of_the_phone_once(desk, mei, clock):
    _, codes = set_up(desk)
    client = Client()
    enter(client, "mei")
    assert client.post(CODE, {"code": codes[0].lower().replace("-", " ")}).status_code == 302
    other = Client()
    enter(other, "mei")
    assert other.post(CODE, {"code": codes[0]}).status_code == 200
    assert other.post(CODE, {"code": codes[1]}).status_code == 302
    assert "備援碼還有 8 個" in text_of(other.get(SET_UP))
    entry = Change.objects.filter(object_id=mei.pk, fields__second_factor__isnull=False).first()
    assert entry.fields == {"second_factor": [None, "用掉一個備援碼"]}


def test_wrong_codes_are_counted_with_wrong_passwords(phone, mei):
    client = Client()
    for number in range(2):
        enter(client, "mei", f"wrong-{number}")
    enter(client, "mei")
    assert client.post(CODE, {"code": "000000"}).status_code == 200
    assert "再錯 1 次" in text_of(client.post(CODE, {"code": "000000"}))
    assert client.post(CODE, {"code": "000000"}).status_code == LOCKED
    # In the locked time neither the right code nor the right password is looked at.
    assert client.post(CODE, {"code": phone.code()}).status_code == LOCKED
    assert enter(Client(), "mei").status_code == LOCKED


def test_the_second_step_ends_after_five_minutes_and_with_the_password(phone, mei, clock):
    client = Client()
    enter(client, "mei")
    clock.shift(5 * 60 + 1)
    answer = client.post(CODE, {"code": phone.code()}, follow=True)
    assert "請先填帳號和密碼" in text_of(answer)
    enter(client, "mei")
    mei.set_password("another horse 115")
    mei.save()
    assert client.post(CODE, {"code": phone.code()}).url == "/login/"
    assert Client().get(CODE).url == "/login/"


def test_a_password_of_somebody_else_is_changed_after_the_code(phone, mei):
    User.objects.filter(pk=mei.pk).update(must_change_password=True)
    client, _ = with_code(phone)
    assert client.get("/115/plan/").url == reverse("password_change")


# One's own page.


def test_changes_of_ones_own_need_a_code_and_wrong_ones_are_counted(phone, desk, mei):
    assert "驗證碼不對" in text_of(desk.post(REMOVE, {"code": "000000", "then": "stop"}))
    assert SecondFactor.objects.exists()
    answer = desk.post(CODES, {"code": phone.code()})
    assert len(PAPER.findall(answer.content.decode())) == 10
    for _ in range(3):
        desk.post(CODES, {"code": "000000"})
    assert desk.post(REMOVE, {"code": "000000"}).status_code == LOCKED


def test_another_phone_takes_the_place_of_the_old_one(phone, desk, mei, clock):
    answer = desk.post(REMOVE, {"code": phone.code(), "then": "set_up"}, follow=True)
    assert "用手機掃描" in text_of(answer)
    other = Phone(answer)
    assert other.code() != phone.code()
    desk.post(SET_UP, {"code": other.code()})
    clock.shift(60)
    client = Client()
    enter(client, "mei")
    assert client.post(CODE, {"code": phone.code()}).status_code == 200
    assert client.post(CODE, {"code": other.code()}).status_code == 302


def test_whoever_stops_it_signs_in_by_password_again(phone, desk):
    answer = desk.post(REMOVE, {"code": phone.code(), "then": "stop"}, follow=True)
    assert "雙重驗證已停用" in text_of(answer)
    assert not RecoveryCode.objects.exists()
    assert enter(Client(), "mei").url == "/"


# Required by role.


def test_the_names_of_roles_in_the_setting_are_those_of_the_models():
    from items.models import MembershipRole

    known = {*Role.values, *MembershipRole.values} - {""}
    assert set(ROLE_NAMES) == known


@pytest.mark.one_engine
@pytest.mark.parametrize("roles", [["head"], ["coordinator", "head"]])
def test_whose_role_asks_for_it_can_do_nothing_before_it_is_set_up(settings, head, clock, roles):
    settings.SECOND_FACTOR_ROLES = frozenset(roles)
    client = Client()
    enter(client, "head")
    for address in ("/", "/115/plan/", "/115/inbox/", "/admin/"):
        assert client.get(address).url == SET_UP
    assert client.post("/115/plan/").url == SET_UP
    assert "您的角色要有雙重驗證才能使用" in text_of(client.get(SET_UP))
    set_up(client)
    assert client.get("/115/plan/").status_code == 200
    page = text_of(client.get(SET_UP))
    assert "不能停用" in page


def test_other_roles_are_left_alone(settings, desk, coordinator):
    settings.SECOND_FACTOR_ROLES = frozenset({"coordinator"})
    assert desk.get("/115/plan/").status_code == 200


def test_whoever_stands_in_for_a_head_needs_it_as_well(settings, desk, mei, head, coordinator):
    settings.SECOND_FACTOR_ROLES = frozenset({"head"})
    assert desk.get("/115/plan/").status_code == 200
    Deputy.objects.create(
        person=head,
        deputy=mei,
        starts_on=TODAY,
        ends_on=date(2100, 1, 1),
        made_by=head,
        made_at=NOW,
    )
    assert desk.get("/115/plan/").url == SET_UP


def test_a_password_of_somebody_else_is_changed_first_and_then_it_is_set_up(
    settings, coordinator, clock
):
    settings.SECOND_FACTOR_ROLES = frozenset({"coordinator"})
    User.objects.filter(pk=coordinator.pk).update(must_change_password=True)
    client = Client()
    enter(client, "coordinator")
    change = reverse("password_change")
    assert client.get("/").url == change
    assert client.get(change).status_code == 200
    new = "sunny-tram-116"
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post(change, data).url == reverse("password_change_done")
    assert client.get("/").url == SET_UP


def test_a_session_without_a_code_ends_where_one_has_become_required(settings, mei, clock):
    client = Client()
    client.force_login(mei)
    SecondFactor.objects.create(user=mei, seed="s", set_up_at=NOW)
    settings.SECOND_FACTOR_ROLES = frozenset({"reporter"})
    assert client.get("/115/plan/").url == "/login/"


# The office.


def test_the_office_resets_it_for_somebody_who_lost_the_phone(phone, desk, mei, admin, client):
    client.force_login(admin)
    account = reverse("admin:items_user_change", args=[mei.pk])
    page = reverse("admin:items_user_second_factor", args=[mei.pk])
    assert page in client.get(account).content.decode()
    assert "請先確認來找您的是本人" in text_of(client.get(page))
    assert "已重設，並已在各處登出" in text_of(client.post(page, follow=True))
    assert not is_signed_in(desk)
    assert enter(Client(), "mei").url == "/"
    entry = Change.objects.filter(object_id=mei.pk).first()
    assert entry.by == admin
    assert entry.fields == {"second_factor": [None, "由系統管理重設"]}
    assert "沒有設定雙重驗證，沒有變動" in text_of(client.post(page, follow=True))
    own = reverse("admin:items_user_second_factor", args=[admin.pk])
    assert client.post(own).url == SET_UP


def test_a_command_resets_it_where_the_only_admin_lost_the_phone(phone, mei, capsys):
    call_command("reset_second_factor", "mei")
    assert "雙重驗證已重設" in capsys.readouterr().out
    assert enter(Client(), "mei").url == "/"
    call_command("reset_second_factor", "mei")
    assert "沒有設定雙重驗證" in capsys.readouterr().out


@pytest.mark.one_engine
def test_the_review_of_accounts_tells_who_has_one(settings, phone, coordinator, auditor, client):
    settings.SECOND_FACTOR_ROLES = frozenset({"coordinator"})
    client.force_login(auditor)
    session = client.session
    session["second_factor"] = True
    session.save()
    page = text_of(client.get(reverse("accounts", args=[115])))
    assert page.count(" 設定 ") == 1
    assert "須設定，還沒有" in page
    rows = client.get(reverse("accounts_export", args=[115, "csv"])).content.decode()
    assert "雙重驗證" in rows
    assert rows.count("須設定，還沒有") == 1


def test_a_former_key_still_makes_the_same_codes(settings, phone, desk):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "n" * 60
    client = Client()
    enter(client, "mei")
    assert client.post(CODE, {"code": phone.code()}).status_code == 302


def test_the_log_and_the_counts_hold_no_code(phone, caplog):
    from axes.models import AccessAttempt

    client = Client()
    enter(client, "mei")
    with caplog.at_level(logging.INFO, logger="security"):
        client.post(CODE, {"code": "ABCDE-FGHJK"})
    assert "ABCDE" not in AccessAttempt.objects.get().post_data
    assert "ABCDE" not in caplog.text
    assert "sign-in-failed user=mei" in caplog.text
