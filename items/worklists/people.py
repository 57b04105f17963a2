"""人員與移交: who belongs to which department, who looks after how much, and what was left behind."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from items.day_words import moment_words
from items.models import (
    EDITABLE,
    READ_ONLY,
    Assignment,
    Department,
    Handover,
    Membership,
    MembershipRole,
    ProgressReport,
    Role,
    User,
)
from items.models.reopening import UNLOCKED
from items.worklists.sign_in_locks import SignInLocks, sign_in_locks

HANDOVERS_SHOWN = 20
"""How many of the last handovers the page lists."""


@dataclass(frozen=True)
class MemberRow:
    """One person in one department."""

    membership: Membership
    number_of_items: int

    @property
    def person(self) -> User:
        return self.membership.user

    @property
    def can_write(self) -> bool:
        return self.person.is_active and self.person.role not in READ_ONLY

    @property
    def mark(self) -> str:
        """Why the person does nothing here; empty for somebody who does."""
        if not self.person.is_active:
            return "已停用"
        if self.person.role in READ_ONLY:
            return f"{self.person.get_role_display()}，只能查閱"
        return ""

    @property
    def seen_words(self) -> str:
        if self.person.last_login is None:
            return "還沒登入過"
        return moment_words(self.person.last_login)

    @property
    def other_role(self) -> MembershipRole:
        if self.membership.role == MembershipRole.HEAD:
            return MembershipRole.REPORTER
        return MembershipRole.HEAD


@dataclass(frozen=True)
class DepartmentPeople:
    """A department with its people, heads first."""

    department: Department
    rows: list[MemberRow]

    def _has(self, role: MembershipRole) -> bool:
        return any(row.can_write and row.membership.role == role for row in self.rows)

    @property
    def warnings(self) -> list[str]:
        """What the plan office should know before the next period."""
        warnings = []
        has_reporter = self._has(MembershipRole.REPORTER)
        has_head = self._has(MembershipRole.HEAD)
        if not has_reporter and not has_head:
            warnings.append("沒有承辦人，也沒有主管：沒有人能填報")
        elif not has_reporter:
            warnings.append("沒有承辦人，只有主管能填報")
        elif not has_head:
            warnings.append("沒有單位主管，送出後直接到研考")
        if not self.department.is_active:
            warnings.append("單位已停用")
        return warnings


@dataclass(frozen=True)
class LeftBehind:
    """Somebody who can no longer write what still bears the name."""

    person: User
    number_of_items: int
    number_of_drafts: int

    @property
    def words(self) -> str:
        """「已停用；承辦 3 項、草稿 1 件」"""
        state = "已不在原單位"
        if not self.person.is_active:
            state = "已停用"
        elif self.person.role in READ_ONLY:
            state = f"現在是{self.person.get_role_display()}"
        parts = []
        if self.number_of_items:
            parts.append(f"承辦 {self.number_of_items:,} 項")
        if self.number_of_drafts:
            parts.append(f"草稿 {self.number_of_drafts:,} 件")
        return f"{state}；{'、'.join(parts)}"


@dataclass(frozen=True)
class PeoplePage:
    """Everything of the page."""

    left_behind: list[LeftBehind]
    departments: list[DepartmentPeople]
    without_department: list[User]
    handovers: list[Handover]
    locks: SignInLocks

    @property
    def names_without_department(self) -> str:
        """「王美玲（mei）、李蘭（lan）」: with their accounts, since names may be the same."""
        names = [f"{person}（{person.username}）" for person in self.without_department]
        return "、".join(names)


def people_page() -> PeoplePage:
    """In nine queries for any number of people; ten where somebody mistyped a password."""
    return PeoplePage(
        left_behind=left_behind(),
        departments=departments_with_people(),
        without_department=list(
            User.objects.filter(is_active=True, role=Role.STAFF, memberships=None)
        ),
        handovers=list(
            Handover.objects.select_related("giver", "receiver", "by")[:HANDOVERS_SHOWN]
        ),
        locks=sign_in_locks(),
    )


def departments_with_people() -> list[DepartmentPeople]:
    """Departments in use, and others that still have people; three queries."""
    numbers = _numbers_of_items()
    rows_of: dict[int, list[MemberRow]] = {}
    memberships = Membership.objects.select_related("user").order_by("role", "user__username")
    for membership in memberships:
        place = (membership.department_id, membership.user_id)
        row = MemberRow(membership, numbers.get(place, 0))
        rows_of.setdefault(membership.department_id, []).append(row)
    shown = Department.objects.filter(Q(is_active=True) | Q(pk__in=rows_of))
    departments = []
    for department in shown:
        departments.append(DepartmentPeople(department, rows_of.get(department.pk, [])))
    return departments


def _numbers_of_items() -> dict[tuple[int, int], int]:
    """{(key of a department, key of a person): items that the person looks after there}"""
    numbers: dict[tuple[int, int], int] = {}
    named = Assignment.objects.still_going_on().exclude(contact=None).order_by()
    for department, contact in named.values_list("department", "contact"):
        # None was excluded, which the stubs cannot know.
        assert contact is not None
        numbers[department, contact] = numbers.get((department, contact), 0) + 1
    return numbers


def left_behind(people: Iterable[User] | None = None) -> list[LeftBehind]:
    """尚未移交: whose name stands at open work that they can no longer write; three queries.

    Where `people` are given, only these are looked at.
    """
    items: dict[int, int] = {}
    named = Assignment.objects.still_going_on().exclude(contact=None).with_contact()
    gone = named.filter(Q(contact_can_write=False)).order_by()
    for key in gone.values_list("contact", flat=True):
        assert key is not None
        items[key] = items.get(key, 0) + 1
    drafts: dict[int, int] = {}
    for key in _orphaned_drafts().values_list("written_by", flat=True):
        drafts[key] = drafts.get(key, 0) + 1
    # A closed account without open work is not listed: nothing is left to do about it.
    left = User.objects.filter(pk__in={*items, *drafts})
    if people is not None:
        left = left.filter(pk__in=[person.pk for person in people])
    rows = []
    for person in left:
        rows.append(LeftBehind(person, items.get(person.pk, 0), drafts.get(person.pk, 0)))
    return rows


def _orphaned_drafts() -> QuerySet[ProgressReport]:
    """Begun by somebody who can no longer write them, while nobody else is named for the item."""
    writers = Membership.objects.who_can_write().filter(
        user=OuterRef("written_by"), department=OuterRef("assignment__department")
    )
    going_on = Assignment.objects.still_going_on().order_by().values("pk")
    begun = ProgressReport.objects.filter(
        ~Exists(writers),
        # Nobody can go on with a draft in a closed period.
        UNLOCKED,
        state__in=EDITABLE,
        assignment__in=going_on,
    )
    nobody_else = Q(assignment__contact=None) | Q(assignment__contact=F("written_by"))
    return begun.filter(nobody_else).order_by()
