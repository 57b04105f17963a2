"""去識別化: a person who has left is no longer known by name, and all that they did stays done.

The row of the account stays, since steps, reports and entries point to it: only what identifies the
person is replaced, so that every page shows 離職人員 12 in the place of the name. What was written
once and is covered by a digest (異動紀錄, what is kept at closing) stays as it is: it is the record.
docs/personal-data.md says what that is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from axes.models import AccessAttempt
from django.db import models, transaction
from django.db.models import Q, QuerySet

from items.models import (
    CalendarAddress,
    ChangeKind,
    ControlRequest,
    Department,
    Deputy,
    Door,
    FormerPassword,
    MailWish,
    Membership,
    Notice,
    Passkey,
    RecoveryCode,
    ReminderMail,
    SecondFactor,
    SignedInSession,
    SingleSignOn,
    Upload,
    User,
)
from items.models.control import ON_ITS_WAY, REQUEST_EDITABLE
from items.models.labels import field_label
from items.workflow import history
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.open_work import loads_of
from items.workflow.second_factor import end_all_sessions

FORGOTTEN = "forgotten"
"""The name in the history."""


@dataclass(frozen=True)
class PersonalRows:
    """Rows about a person that go, and what they are called."""

    words: str
    rows_of: Callable[[User], QuerySet]


def name_of(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name)


MEMBERSHIPS = name_of(Membership)
GOING = (
    PersonalRows(name_of(SignedInSession), lambda user: SignedInSession.objects.filter(user=user)),
    PersonalRows(name_of(FormerPassword), lambda user: FormerPassword.objects.filter(user=user)),
    PersonalRows(name_of(SecondFactor), lambda user: SecondFactor.objects.filter(user=user)),
    PersonalRows(name_of(Passkey), lambda user: Passkey.objects.filter(user=user)),
    PersonalRows(name_of(RecoveryCode), lambda user: RecoveryCode.objects.filter(user=user)),
    PersonalRows(name_of(SingleSignOn), lambda user: SingleSignOn.objects.filter(user=user)),
    PersonalRows("登入失敗", lambda user: AccessAttempt.objects.filter(username=user.username)),
    PersonalRows(name_of(Notice), lambda user: Notice.objects.filter(person=user)),
    PersonalRows(
        name_of(CalendarAddress), lambda user: CalendarAddress.objects.filter(person=user)
    ),
    PersonalRows(name_of(MailWish), lambda user: MailWish.objects.filter(person=user)),
    # With name and address in each; that the item was reminded of stays with other receivers.
    PersonalRows(name_of(ReminderMail), lambda user: ReminderMail.objects.filter(person=user)),
    PersonalRows(name_of(Upload), lambda user: Upload.objects.filter(by=user)),
    PersonalRows(MEMBERSHIPS, lambda user: Membership.objects.filter(user=user)),
)
"""All that is about the person alone; nothing that others did points to it."""


@dataclass(frozen=True)
class GoingCount:
    """How many rows of one kind go."""

    words: str
    number: int


def going(user: User) -> list[GoingCount]:
    """What would be deleted, kinds without a row left out."""
    counts = []
    for kind in GOING:
        number = kind.rows_of(user).count()
        if number:
            counts.append(GoingCount(kind.words, number))
    return counts


def require_possible(user: User, *, today: date) -> None:
    """WorkflowError for somebody who is still here, or has left work behind."""
    if user.forgotten_at is not None:
        raise WorkflowError(f"「{user}」已經去識別化了，沒有變動。", Refusal.PERSON_FORGOTTEN)
    problems = []
    if user.is_active:
        problems.append("帳號還啟用著，請先停用")
    number_of_items = 0
    number_of_drafts = 0
    # Of all departments: somebody who has left one may still look after items there.
    departments = list(Department.objects.values_list("pk", flat=True))
    for load in loads_of(user, departments):
        number_of_items += len(load.items)
        number_of_drafts += load.number_of_drafts
    if number_of_items:
        drafts = f"草稿和退回 {number_of_drafts:,} 件"
        problems.append(f"還承辦 {number_of_items:,} 項（{drafts}），請先在「人員與移交」移交")
    open_states = (*REQUEST_EDITABLE, *ON_ITS_WAY)
    requests = ControlRequest.objects.filter(written_by=user, state__in=open_states)
    number_of_requests = requests.count()
    if number_of_requests:
        problems.append(f"還有 {number_of_requests:,} 件管制異動申請沒有結果，請先處理或撤回")
    of_person = Q(person=user) | Q(deputy=user)
    number_of_deputies = Deputy.objects.not_over(today).filter(of_person).count()
    if number_of_deputies:
        problems.append(f"還有 {number_of_deputies} 個代理沒有結束，請先在「代理」結束")
    if problems:
        words = "；".join(problems)
        raise WorkflowError(
            f"{user}（{user.username}）還不能去識別化：{words}。", Refusal.OPEN_WORK
        )


@transaction.atomic
def forget(user: User, *, at: datetime, door: Door) -> list[GoingCount]:
    """Replace what identifies the person; what was deleted, by kinds.

    The account stands as its own author: at the server nobody is signed in.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    require_possible(user, today=at.date())
    counts = going(user)
    end_all_sessions(user)
    memberships = list(Membership.objects.filter(user=user).select_related("department"))
    for kind in GOING:
        # Memberships go below, each with its entry: who belonged where is part of the record.
        if kind.words != MEMBERSHIPS:
            kind.rows_of(user).delete()
    # Ending the sessions has written to the row.
    user.refresh_from_db()
    user.full_name = f"離職人員 {user.pk}"
    user.username = _free_username(user)
    user.email = ""
    user.set_unusable_password()
    user.password_changed_at = None
    user.last_login = None
    user.forgotten_at = at
    user.save()
    for membership in memberships:
        # Only now, so that its entry does not bear the name.
        membership.user = user
        history.delete(membership, by=user, at=at, door=door)
    # Not what it was called before: that is what is to be forgotten.
    fields: history.FieldValues = {FORGOTTEN: [None, "姓名、帳號、電子郵件、登入資料已移除"]}
    history.entry(user, ChangeKind.CHANGED, fields, by=user, at=at, door=door).save()
    return counts


def replaced_fields() -> str:
    """「帳號、姓名、電子郵件」, by their own names."""
    return "、".join(field_label(User, name) for name in ("username", "full_name", "email"))


def _free_username(user: User) -> str:
    """`former-12`, or with a letter behind it where somebody chose that name."""
    name = f"former-{user.pk}"
    while User.objects.filter(username=name).exclude(pk=user.pk).exists():
        name += "x"
    return name
