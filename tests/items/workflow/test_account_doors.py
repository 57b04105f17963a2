"""Every door to accounts, roles and memberships leaves an entry that an auditor reads, and no secret."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from items.models import Change, Membership, User
from tests.items.views.answers import read
from tests.making import PASSWORD

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "another-horse-116"


def entries():
    """(kind, model, label, door) of all entries, the oldest first."""
    return [
        (entry.get_kind_display(), entry.subject(), entry.label, entry.get_door_display())
        for entry in Change.objects.order_by("id")
    ]


def test_a_password_that_somebody_changes_is_told_as_a_fact(sign_in, mei, auditor, programme):
    mei.must_change_password = True
    mei.save()
    given = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    sign_in(mei).post(reverse("password_change"), given)
    mei.refresh_from_db()
    assert mei.check_password(NEW_PASSWORD)
    entry = Change.objects.get()
    assert (entry.by, entry.door) == (mei, "page")
    assert entry.fields == {
        "password": [None, "由本人變更"],
        "must_change_password": [True, False],
    }
    shown = read(sign_in(auditor).get(reverse("record", args=[115]), {"what": "office"}))
    assert "由本人變更" in shown
    assert mei.password not in shown


def test_a_password_that_was_refused_leaves_no_entry(sign_in, mei):
    given = {"old_password": "wrong", "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    sign_in(mei).post(reverse("password_change"), given)
    assert not Change.objects.exists()


def test_a_password_that_the_information_office_sets_is_told_with_what_follows(
    sign_in, admin, mei, auditor
):
    address = reverse("admin:auth_user_password_change", args=[mei.pk])
    sign_in(admin).post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    mei.refresh_from_db()
    assert mei.check_password(NEW_PASSWORD)
    entry = Change.objects.get()
    assert (entry.by, entry.door) == (admin, "admin")
    assert entry.fields == {
        "password": [None, "由系統管理重新設定"],
        "must_change_password": [False, True],
    }


def test_the_back_office_tells_of_a_new_account_and_where_it_belongs(
    sign_in, admin, administration
):
    form = {
        "username": "new",
        "full_name": "新同仁",
        "email": "",
        "role": "auditor",
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD,
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-department": administration.pk,
        "memberships-0-role": "reporter",
    }
    answer = sign_in(admin).post(reverse("admin:items_user_add"), form)
    assert answer.status_code == 302, read(answer)
    assert entries() == [
        ("新增", "帳號", "新同仁", "後台"),
        ("新增", "所屬單位", "新同仁・行政處承辦人", "後台"),
    ]
    kept = json.dumps(list(Change.objects.values_list("fields", flat=True)), ensure_ascii=False)
    assert '"role": [null, "auditor"]' in kept
    assert User.objects.get(username="new").password not in kept


def test_a_file_of_accounts_tells_of_roles_and_memberships(sign_in, admin, mei, administration):
    content = "帳號,姓名,全公司角色,啟用,所屬單位\nmei,王美玲,稽核,是,行政處（單位主管）\nnew,新同仁,,是,行政處\n"
    client = sign_in(admin)
    upload = {"file": SimpleUploadedFile("帳號.csv", content.encode())}
    preview = client.post(reverse("admin:items_user_import"), upload)
    assert preview.status_code == 302, read(preview)
    shown = client.get(preview.url).context
    agreed = {"reference": shown["upload"].reference, "seen": shown["preview"].fingerprint()}
    client.post(reverse("admin:items_user_process_import"), agreed)
    assert Membership.objects.get(user=mei).role == "head"
    assert sorted(entries()) == sorted(
        [
            ("修改", "帳號", "王美玲", "匯入"),
            ("修改", "所屬單位", "王美玲・行政處單位主管", "匯入"),
            ("新增", "帳號", "新同仁", "匯入"),
            ("新增", "所屬單位", "新同仁・行政處承辦人", "匯入"),
        ]
    )
    kept = json.dumps(list(Change.objects.values_list("fields", flat=True)))
    assert "password" not in kept.replace("must_change_password", "")
