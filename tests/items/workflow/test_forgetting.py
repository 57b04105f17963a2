"""去識別化: a person who left has no name any more, and all that they did stays done."""

from datetime import date

import pytest
from axes.models import AccessAttempt
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from items.models import (
    CalendarAddress,
    Change,
    Deputy,
    FormerPassword,
    MailWish,
    Membership,
    RecoveryCode,
    ReminderMail,
    ReportState,
    SecondFactor,
    SignedInSession,
    SingleSignOn,
    User,
)
from items.workflow import history
from items.workflow.accounts import deactivate
from tests.items.views.answers import text_of
from tests.making import NOW, TODAY, make_user


@pytest.fixture
def left(mei, admin, administration, programme):
    """美, who has left: the account is closed, and full of what is kept about a person."""
    User.objects.filter(pk=mei.pk).update(email="mei@example.org", last_login=NOW)
    mei.refresh_from_db()
    FormerPassword.objects.create(user=mei, hashed="x")
    SecondFactor.objects.create(user=mei, seed="x", set_up_at=NOW)
    RecoveryCode.objects.create(user=mei, hashed="x")
    SingleSignOn.objects.create(user=mei, issuer="x", subject="x", linked_at=NOW)
    SignedInSession.objects.create(user=mei, session_key="k", at=NOW, address="192.0.2.1")
    CalendarAddress.objects.create(person=mei, digest="d" * 64, made_at=NOW)
    MailWish.objects.create(person=mei, level="overdue")
    ReminderMail.objects.create(
        person=mei, on=TODAY, address="mei@example.org", subject="催辦", body="王美玲您好：",
        state="sent", claimed_at=NOW, finished_at=NOW,
    )  # fmt: skip
    AccessAttempt.objects.create(
        username="mei", ip_address="192.0.2.1", failures_since_start=1, attempt_time=NOW
    )
    deactivate([mei], by=admin, at=NOW)
    mei.refresh_from_db()
    return mei


def values_everywhere(text):
    """The tables of the account itself that still hold a text."""
    row = User.objects.filter(pk=text.pk).values().get()
    return [name for name, value in row.items() if "mei" in str(value) or "王美玲" in str(value)]


def test_the_name_goes_and_what_was_done_stays(
    left, sign_in, auditor, q4, make_action, make_report, administration, capsys
):
    report = make_report(make_action([administration]).assignments.get(), q4, left)
    entries = Change.objects.count()
    call_command("forget_person", "mei")
    said = capsys.readouterr().out
    assert f"已把王美玲（mei）的帳號、姓名、電子郵件換成「離職人員 {left.pk}」。" in said
    assert "刪除所屬單位 1 筆" in said
    user = User.objects.get(pk=left.pk)
    assert (user.username, user.full_name, user.email) == (
        f"former-{left.pk}",
        f"離職人員 {left.pk}",
        "",
    )
    assert values_everywhere(user) == []
    assert not user.has_password
    for model in (FormerPassword, SecondFactor, RecoveryCode, SingleSignOn, SignedInSession):
        assert not model.objects.filter(user=user).exists(), model
    for model in (CalendarAddress, MailWish, ReminderMail):
        assert not model.objects.filter(person=user).exists(), model
    assert not AccessAttempt.objects.exists()
    assert not Membership.objects.filter(user=user).exists()
    report.refresh_from_db()
    assert report.written_by == user
    page = text_of(sign_in(auditor).get(reverse("report", args=[115, report.pk])))
    assert f"離職人員 {left.pk}" in page
    assert "王美玲" not in page
    # Entries were added, and none was changed; the new ones bear no name.
    new = Change.objects.order_by("-id")[: Change.objects.count() - entries]
    assert [entry.label for entry in new] == [
        f"離職人員 {left.pk}",
        f"離職人員 {left.pk}・行政處承辦人",
    ]
    assert "王美玲" not in str([entry.fields for entry in new])


def test_a_dry_run_says_the_same_and_changes_nothing(left, capsys):
    call_command("forget_person", "mei", "--dry-run")
    said = capsys.readouterr().out
    assert "會把王美玲（mei）" in said
    assert "刪除舊密碼 1 筆" in said
    assert "沒有改動任何資料" in said
    left.refresh_from_db()
    assert left.full_name == "王美玲"
    assert SecondFactor.objects.filter(user=left).exists()


def test_whoever_is_still_here_is_not_forgotten(mei):
    with pytest.raises(CommandError, match="帳號還啟用著，請先停用"):
        call_command("forget_person", "mei")
    with pytest.raises(CommandError, match="沒有「nobody」這個帳號"):
        call_command("forget_person", "nobody")


def test_whoever_left_work_behind_is_not_forgotten_before_it_is_handed_over(
    left, q4, make_action, make_report, administration, head
):
    assignment = make_action([administration]).assignments.get()
    assignment.contact = left
    assignment.save()
    make_report(assignment, q4, left, state=ReportState.DRAFT)
    Deputy.objects.create(
        person=left,
        deputy=head,
        starts_on=TODAY,
        ends_on=date(2100, 1, 1),
        made_by=head,
        made_at=NOW,
    )
    with pytest.raises(CommandError) as refused:
        call_command("forget_person", "mei")
    assert "還承辦 1 項（草稿和退回 1 件）" in str(refused.value)
    assert "還有 1 個代理沒有結束" in str(refused.value)
    left.refresh_from_db()
    assert left.full_name == "王美玲"


def test_twice_is_said_and_changes_nothing(left):
    call_command("forget_person", "mei")
    with pytest.raises(CommandError, match="已經去識別化了"):
        call_command("forget_person", f"former-{left.pk}")


def test_nobody_signs_in_as_a_person_without_a_name(left, admin):
    call_command("forget_person", "mei")
    user = User.objects.get(pk=left.pk)
    user.is_active = True
    with pytest.raises(ValidationError, match="不能再啟用"):
        history.save(user, by=admin, at=NOW)
    # The name is free for somebody else, whose account is another one.
    assert make_user("mei", "王小美").pk != left.pk


def test_a_name_that_somebody_chose_before_is_left_to_them(left):
    other = make_user(f"former-{left.pk}", "阿福")
    call_command("forget_person", "mei")
    assert User.objects.get(pk=left.pk).username == f"former-{left.pk}x"
    other.refresh_from_db()
    assert other.full_name == "阿福"
