"""How passwords are kept: Argon2id; what was kept by PBKDF2 opens accounts and is written anew."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher
from django.test import Client
from django.urls import reverse

from items.models import FormerPassword, User
from items.workflow.passwords import keep_former
from plan_tracker import settings as of_service
from plan_tracker.password_hash import OfficeArgon2
from tests.items.views.answers import text_of
from tests.making import PASSWORD

pytestmark = pytest.mark.one_engine
NEW = "sunny-tram-116"
CHANGE = reverse("password_change")


@pytest.fixture(autouse=True)
def hashers(settings):
    """Those of the service; other tests have a quick one."""
    settings.PASSWORD_HASHERS = of_service.PASSWORD_HASHERS


@pytest.fixture
def old_mei(mei):
    """Her password as it was kept before."""
    mei.password = by_pbkdf2(PASSWORD)
    mei.save()
    return mei


def by_pbkdf2(password):
    # Once instead of a million times: the form of what is kept is the same.
    return PBKDF2PasswordHasher().encode(password, "salt" * 6, iterations=1)


def sign_in(password, username="mei"):
    client = Client()
    answer = client.post("/login/", {"username": username, "password": password})
    return client, answer


def is_in(client):
    return client.get(CHANGE).status_code == 200


def stored(user):
    return User.objects.values_list("password", flat=True).get(pk=user.pk)


def change(client, new, *, repeated=None):
    given = {"old_password": PASSWORD, "new_password1": new, "new_password2": repeated or new}
    return client.post(CHANGE, given)


def test_a_new_password_is_kept_by_argon2id_as_owasp_asks_for_it(mei):
    mei.set_password(NEW)
    mei.save()
    kept = Argon2PasswordHasher().decode(stored(mei))
    assert kept["variety"] == "argon2id"
    assert kept["memory_cost"] >= 19 * 1024
    assert kept["time_cost"] >= 2
    assert kept["parallelism"] >= 1
    # Both columns have room for it.
    assert len(stored(mei)) <= FormerPassword._meta.get_field("hashed").max_length
    assert mei.check_password(NEW)


def test_a_password_of_before_signs_in_and_is_written_anew(old_mei):
    client, _ = sign_in(PASSWORD)
    assert is_in(client)
    renewed = stored(old_mei)
    assert renewed.startswith("argon2$argon2id$")
    client, _ = sign_in(PASSWORD)
    assert is_in(client)
    # Once is enough.
    assert stored(old_mei) == renewed
    # The same password as before: none that is not to be taken again, and no younger one.
    assert not FormerPassword.objects.exists()
    assert User.objects.get().password_changed_at == old_mei.password_changed_at


def test_a_wrong_password_writes_nothing_anew(old_mei):
    client, _ = sign_in("wrong-horse-115")
    assert not is_in(client)
    assert stored(old_mei) == old_mei.password


def test_a_former_password_is_not_taken_again_however_it_was_kept(mei):
    keep_former(mei, by_pbkdf2(NEW))
    mei.set_password(PASSWORD)
    mei.save()
    client, _ = sign_in(PASSWORD)
    assert "這個密碼用過了" in text_of(change(client, NEW))


def test_a_mistyped_new_password_ends_no_session_of_before(old_mei):
    client = Client()
    client.force_login(old_mei)
    assert "兩次輸入的密碼不一樣" in text_of(change(client, NEW, repeated="other-tram-116"))
    assert stored(old_mei).startswith("argon2$")
    assert is_in(client)
    assert change(client, NEW).status_code == 302
    assert is_in(client)


def test_what_is_set_meanwhile_is_not_put_back(old_mei):
    at_sign_in = User.objects.get(pk=old_mei.pk)
    old_mei.set_password(NEW)
    old_mei.save()
    assert not at_sign_in.check_password(PASSWORD)
    assert User.objects.get(pk=old_mei.pk).check_password(NEW)


def test_two_sign_ins_at_once_do_not_end_each_other(old_mei):
    here, there = User.objects.get(pk=old_mei.pk), User.objects.get(pk=old_mei.pk)
    assert here.check_password(PASSWORD)
    assert there.check_password(PASSWORD)
    assert here.get_session_auth_hash() == there.get_session_auth_hash()
    assert there.get_session_auth_hash() == User.objects.get().get_session_auth_hash()


class CountedArgon2(OfficeArgon2):
    """Counts how often somebody has to wait for it."""

    times = 0

    def encode(self, password, salt):
        type(self).times += 1
        return super().encode(password, salt)

    def verify(self, password, encoded):
        type(self).times += 1
        return super().verify(password, encoded)


@pytest.mark.parametrize("username", ["mei", "nobody", "without"])
def test_a_wrong_password_takes_one_hash_whether_there_is_such_an_account(username, mei, settings):
    User.objects.create_user("without", full_name="無密碼")
    mei.set_password(PASSWORD)
    mei.save()
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedArgon2"]
    CountedArgon2.times = 0
    _, answer = sign_in("wrong-horse-115", username)
    assert "帳號或密碼不對" in text_of(answer)
    assert CountedArgon2.times == 1
