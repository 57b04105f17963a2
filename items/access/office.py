"""Who runs the office as a whole: periods, years, people, imports, and who reads the record."""

from django.db.models import Q, QuerySet

from items.access.belonging import departments_of, is_head
from items.models import Change, Department, Handover, ImportBatch, Membership, MembershipRole, User
from items.models.history import OF_THE_OFFICE, ChangeQuerySet


def can_run_periods(user: User) -> bool:
    """The plan office opens and closes periods, enters 預定進度 and sends reminders."""
    return user.is_coordinator


def can_remind(user: User) -> bool:
    """催辦: 辦公日曆, 稽催單, and by what rules reminders go out, are the plan office's."""
    return user.is_coordinator


def can_run_years(user: User) -> bool:
    """Start, close and reopen a year, and delete one made by mistake.

    The right to make a year: the back office uses the same verbs for both.
    """
    return can_prepare_years(user)


def can_prepare_years(user: User) -> bool:
    """Prepare the next year; without a running year, the draft is the first page of these people."""
    return user.is_coordinator or user.is_admin


def can_manage(user: User) -> bool:
    """管理: what the plan office and the information office set up, each with its own cards."""
    return user.is_coordinator or user.is_admin


def can_edit_plan(user: User) -> bool:
    """The plan office edits items and what is above them; an import asks `can_import`."""
    return user.is_coordinator


def can_settle_year(user: User) -> bool:
    """年終: release items or carry them over, several by one decision. The plan office's alone."""
    return user.is_coordinator


def can_review(user: User) -> bool:
    """The coordinator's grid and lists of reports that wait."""
    return user.is_coordinator


def can_import(user: User) -> bool:
    """The plan office and the information office bring the official table in."""
    return user.is_coordinator or user.is_admin


def can_run_departments(user: User) -> bool:
    """The plan office and the information office make, name, order and end departments."""
    return user.is_coordinator or user.is_admin


def can_run_people(user: User) -> bool:
    """人員: the plan office and the information office say who belongs to which department."""
    return user.is_coordinator or user.is_admin


def can_hand_over(user: User) -> bool:
    """業務移交: those two for everybody, heads for the people of their own department."""
    return can_run_people(user) or is_head(user)


def can_read_imports(user: User) -> bool:
    """Imports with their files: the people who import, auditors and management."""
    return can_import(user) or user.is_auditor or user.is_manager


def can_divide_work(user: User) -> bool:
    """The page 分工: everybody who may name a 承辦人 somewhere."""
    return user.is_coordinator or is_head(user)


def can_read_record(user: User) -> bool:
    """Auditors, the plan office, management and the information office read the whole history."""
    return user.is_auditor or user.is_coordinator or user.is_manager or user.is_admin


def can_review_accounts(user: User) -> bool:
    """帳號清查: the information office reviews its accounts, auditors check that it does."""
    return user.is_admin or user.is_auditor


def can_read_security_log(user: User) -> bool:
    """資安日誌 names people, addresses and hours: for those who look after accounts or check them."""
    return can_review_accounts(user)


def can_close_accounts(user: User) -> bool:
    """Accounts are the information office's alone."""
    return user.is_admin


def can_read_change(user: User) -> Q:
    """Everyone reads what became of the plan; the rest of 異動紀錄 is for few.

    Accounts are the information office's: management and auditors read what was done there. The
    plan office reads who joined and left which department, and what departments there are.
    """
    if user.is_auditor or user.is_manager or user.is_admin:
        # Every entry; an empty Q() would be dropped where it is joined to another by `|`.
        return Q(pk__isnull=False)
    if user.is_coordinator:
        return ~Q(model=User._meta.model_name)
    return ~Q(model__in=OF_THE_OFFICE)


# Fetching: a fetch carries its right.


def departments_to_hand_over(user: User) -> QuerySet[Department]:
    """The departments whose open work the person may hand to somebody else."""
    if can_run_people(user):
        return Department.objects.all()
    return Department.objects.filter(pk__in=departments_of(user, role=MembershipRole.HEAD))


def visible_handovers(user: User) -> QuerySet[Handover]:
    """Lists of handovers: the two people, their heads, and those who read the history."""
    handovers = Handover.objects.select_related("giver", "receiver", "by", "undone_by")
    if can_read_record(user):
        return handovers
    is_concerned = Q(giver=user) | Q(receiver=user) | Q(by=user)
    headed = departments_of(user, role=MembershipRole.HEAD)
    # By the members of now: a head who came since reads what their people have taken over.
    members = Membership.objects.filter(department__in=headed).values("user")
    is_of_members = Q(giver__in=members) | Q(receiver__in=members)
    return handovers.filter(is_concerned | is_of_members)


def may_hand_back(user: User, handover: Handover) -> bool:
    """The plan office and the information office, and the head who has made it."""
    if can_run_people(user):
        return True
    # Still a head: the right to hand over ends with the role.
    return handover.by_id == user.pk and is_head(user)


def visible_changes(user: User) -> ChangeQuerySet:
    """異動紀錄. It never holds a draft: reports keep their steps elsewhere."""
    if not user.is_active:
        return Change.objects.none()
    return Change.objects.filter(can_read_change(user))


def visible_batches(user: User) -> QuerySet[ImportBatch]:
    """匯入批次, without the files: a list of fifty would fetch fifty of them."""
    if not can_read_imports(user):
        return ImportBatch.objects.none()
    return ImportBatch.objects.defer("content", "changes")
