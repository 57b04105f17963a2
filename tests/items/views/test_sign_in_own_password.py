"""變更密碼: not one of before, not twice a day, not for ever; and the old one cannot be tried out."""

from datetime import timedelta

import pytest
from django.urls import reverse

from items.models import FormerPassword
from tests.items.views.answers import text_of
from tests.making import PASSWORD

PAGE = reverse("password_change")
NEW = ["sunny-tram-116", "quiet-lake-117", "brave-goat-118", "white-moon-119", "green-door-120"]


@pytest.fixture
def at_once(settings):
    """Without the day that must lie between two changes."""
    settings.PASSWORD_MIN_AGE = timedelta(0)


def change(client, old, new):
    given = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post(PAGE, given)


def test_the_password_of_now_is_no_new_one(sign_in, mei):
    """The one that an administrator has set stays known to the administrator."""
    mei.must_change_password = True
    mei.save()
    client = sign_in(mei)
    assert "這個密碼用過了" in text_of(change(client, PASSWORD, PASSWORD))
    mei.refresh_from_db()
    assert mei.must_change_password


def test_the_last_three_are_not_taken_again_and_the_fourth_is(sign_in, mei, at_once):
    client = sign_in(mei)
    old = PASSWORD
    for new in NEW[:3]:
        assert change(client, old, new).status_code == 302
        old = new
    assert "之前 3 個" in text_of(change(client, old, PASSWORD))
    assert "之前 3 個" in text_of(change(client, old, NEW[0]))
    assert change(client, old, NEW[3]).status_code == 302
    assert change(client, NEW[3], PASSWORD).status_code == 302
    # Not kept longer than they are needed.
    assert FormerPassword.objects.filter(user=mei).count() == 3


@pytest.mark.one_engine
def test_what_the_information_office_sets_is_held_against_the_former_ones_too(sign_in, admin, mei):
    address = reverse("admin:auth_user_password_change", args=[mei.pk])
    page = sign_in(admin).post(address, {"password1": PASSWORD, "password2": PASSWORD})
    assert "這個密碼用過了" in text_of(page)


def test_a_second_change_on_the_same_day_is_refused_until_when(sign_in, mei):
    client = sign_in(mei)
    change(client, PASSWORD, NEW[0])
    page = text_of(change(client, NEW[0], NEW[1]))
    assert "密碼剛變更過，115年11月23日" in page
    assert "請立即洽資訊人員重設" in page
    mei.refresh_from_db()
    assert mei.check_password(NEW[0])


def test_one_that_somebody_else_set_is_changed_at_once(sign_in, admin, mei, client):
    address = reverse("admin:auth_user_password_change", args=[mei.pk])
    sign_in(admin).post(address, {"password1": NEW[0], "password2": NEW[0]})
    client.logout()
    mei.refresh_from_db()
    assert change(sign_in(mei), NEW[0], NEW[1]).status_code == 302


@pytest.mark.one_engine
@pytest.mark.parametrize(("days", "is_led_away"), [(179, False), (180, True)])
def test_a_password_of_half_a_year_is_changed_before_all_else(
    sign_in, programme, mei, settings, days, is_led_away
):
    client = sign_in(mei)
    change(client, PASSWORD, NEW[0])
    mei.refresh_from_db()
    mei.password_changed_at -= timedelta(days=days)
    mei.save()
    answer = client.get(reverse("plan", args=[115]))
    assert (answer.status_code == 302) == is_led_away
    if is_led_away:
        assert "已經用了 180 天以上" in text_of(client.get(PAGE))
        assert change(client, NEW[0], NEW[1]).status_code == 302
        assert client.get(reverse("plan", args=[115])).status_code == 200
    settings.PASSWORD_MAX_AGE = timedelta(0)
    assert client.get(reverse("plan", args=[115])).status_code == 200


@pytest.mark.one_engine
def test_the_old_password_cannot_be_tried_out_at_an_open_page(sign_in, mei):
    client = sign_in(mei)
    for number in range(4):
        assert "用過了" not in text_of(change(client, f"guess-{number}", PASSWORD))
    assert change(client, "guess-5", NEW[0]).status_code == 429
    assert change(client, PASSWORD, NEW[0]).status_code == 429


@pytest.mark.one_engine
def test_the_page_says_what_a_password_must_be_like(sign_in, mei):
    page = text_of(sign_in(mei).get(PAGE))
    for words in ("至少要有 3 種", "不能和現在的密碼、以及之前 3 個相同", "12 個字元"):
        assert words in page
