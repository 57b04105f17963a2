"""首次設定: what stands between an empty database and a first report, as a list with ticks.

The plan office and the information office see the same five steps; each is led to the pages that
are its own, and told of the others who does them.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from items import access
from items.models import (
    SUBMITTED,
    Action,
    Department,
    Membership,
    Period,
    Programme,
    ProgressReport,
    Role,
    User,
)
from items.requests import WAY_BACK

BY_ADMIN = "由系統管理處理。"
BY_COORDINATOR = "由研考處理。"


@dataclass(frozen=True)
class StepDone:
    """Whether a step is done, and how things stand in a sentence."""

    is_done: bool
    state: str


@dataclass(frozen=True)
class FirstStep:
    """One step; without an address it is not this person's, or has to wait for another."""

    title: str
    state: str
    is_done: bool
    label: str
    url: str
    is_next: bool


@dataclass(frozen=True)
class FirstSteps:
    """The list, in the order in which an office goes through it."""

    steps: list[FirstStep]

    @property
    def number_done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def is_finished(self) -> bool:
        return self.number_done == len(self.steps)


@dataclass(frozen=True)
class StepPage:
    """Where a step is done: the words of the button and the address; both empty without one."""

    label: str = ""
    address: str = ""
    # Said where the person has no page for it.
    instead: str = ""


def first_steps(user: User, programme: Programme | None, *, back_to: str) -> FirstSteps | None:
    """The list for this person; None for everybody whom it does not concern.

    It ends with the first report that was sent: from then on the office is at work, and what is
    still missing stands under 待處理. `back_to` is the page of the list, to which the pages of the
    steps lead back.
    """
    if not access.can_prepare_years(user):
        return None
    if programme is not None and programme.is_closed:
        return None
    if ProgressReport.objects.filter(state__in=SUBMITTED).exists():
        return None
    parts = [
        ("年度計畫", year_done(programme), year_page(programme)),
        ("單位", departments_done(), departments_page(user, programme)),
        ("帳號與角色", accounts_done(), accounts_page(user)),
        ("匯入計畫", items_done(programme), import_page(programme)),
        ("填報期", periods_done(programme), periods_page(user, programme)),
    ]
    steps: list[FirstStep] = []
    has_next = False
    for title, done, page in parts:
        state = done.state
        if page.instead and not done.is_done:
            state = f"{state}{page.instead}"
        address = page.address
        if address:
            # None of the pages has a query of its own.
            address = f"{address}?{urlencode({WAY_BACK: back_to})}"
        # One step alone is marked, the first that this person can do: the others follow from it.
        is_next = not done.is_done and bool(address) and not has_next
        has_next = has_next or is_next
        step = FirstStep(
            title=title,
            state=state,
            is_done=done.is_done,
            label=page.label,
            url=address,
            is_next=is_next,
        )
        steps.append(step)
    return FirstSteps(steps)


# How far each step is.


def year_done(programme: Programme | None) -> StepDone:
    if programme is None:
        return StepDone(False, "還沒有年度計畫。")
    return StepDone(True, f"{programme.year} 年度（{programme.get_state_display()}）。")


def departments_done() -> StepDone:
    number = Department.objects.filter(is_active=True).count()
    if not number:
        return StepDone(False, "還沒有單位。")
    return StepDone(True, f"{number} 個單位。")


def accounts_done() -> StepDone:
    """Done when every department has somebody, reports can be accepted and all can sign in."""
    active = User.objects.filter(is_active=True)
    missing = []
    if not active.filter(role=Role.COORDINATOR).exists():
        missing.append("還沒有研考的帳號")
    staffed = Membership.objects.filter(user__is_active=True).order_by().values("department")
    departments = Department.objects.filter(is_active=True)
    number_of_departments = departments.count()
    number_empty = departments.exclude(pk__in=staffed).count()
    if number_empty:
        missing.append(f"{number_empty} 個單位沒有人員")
    # Without departments there is no empty one either, and the step would look done.
    if not number_of_departments:
        missing.append("單位的人員還沒有帳號")
    number_without_password = User.objects.without_password().count()
    if number_without_password:
        missing.append(f"帳號沒有密碼 {number_without_password:,} 個")
    words = f"啟用中的帳號 {active.count():,} 個"
    if missing:
        return StepDone(False, f"{words}；{'，'.join(missing)}。")
    return StepDone(True, f"{words}，都有密碼，每個單位都有人員。")


def items_done(programme: Programme | None) -> StepDone:
    if programme is None:
        return StepDone(False, "先建立年度計畫。")
    number = Action.objects.for_programme(programme).count()
    if not number:
        return StepDone(False, f"{programme.year} 年度還沒有任何項目。")
    return StepDone(True, f"{programme.year} 年度有 {number:,} 項。")


def periods_done(programme: Programme | None) -> StepDone:
    """Done when departments can report."""
    if programme is None:
        return StepDone(False, "先建立年度計畫。")
    number = programme.periods.count()
    if not number:
        return StepDone(False, "填報期未建立。")
    # Periods that are only laid out let nobody report.
    is_opened = Q(opened_at__isnull=False)
    opened = Period.objects.filter(is_opened, programme=programme).order_by("number").last()
    if opened is None:
        return StepDone(False, f"已建立 {number} 期，還沒有開放。")
    return StepDone(True, f"{opened.name}已經開放，各單位可以填報。")


# Where each step is done.


def year_page(programme: Programme | None) -> StepPage:
    if programme is None:
        return StepPage("建立年度計畫", reverse("year_new"))
    return StepPage("看年度設定", reverse("year_settings", args=[programme.year]))


def departments_page(user: User, programme: Programme | None) -> StepPage:
    if programme is not None and access.can_run_departments(user):
        return StepPage("設定單位", reverse("departments", args=[programme.year]))
    if not user.is_admin:
        return StepPage()
    # The page of the product belongs to a year.
    return StepPage("設定單位", reverse("admin:items_department_changelist"))


def accounts_page(user: User) -> StepPage:
    if not user.is_admin:
        return StepPage(instead=BY_ADMIN)
    return StepPage("設定帳號", reverse("admin:items_user_changelist"))


def import_page(programme: Programme | None) -> StepPage:
    if programme is None:
        return StepPage()
    return StepPage("匯入計畫表", reverse("import_upload", args=[programme.year]))


def periods_page(user: User, programme: Programme | None) -> StepPage:
    if programme is None:
        return StepPage()
    if access.can_run_periods(user):
        return StepPage("建立與開放填報期", reverse("periods", args=[programme.year]))
    if not programme.periods.exists():
        address = reverse("admin:items_programme_change", args=[programme.pk])
        return StepPage("到年度設定建立填報期", address)
    return StepPage(instead=BY_COORDINATOR)
