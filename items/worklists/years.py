"""年度: the years with how each stands, and the one that comes next."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Count

from items.models import Action, Directive, Period, Programme
from items.roc import OFFSET, format_roc, roc_year
from items.workflow.years import obstacle_to_deletion
from items.worklists.year_end import number_under_control

STRATEGY_PROGRAMME = "plan__method__strategy__programme"
"""From an action to its year."""


@dataclass(frozen=True)
class YearCard:
    """One year as the list shows it."""

    programme: Programme
    number_of_items: int
    periods: list[Period]
    other_running: list[Programme]
    can_be_deleted: bool
    number_controlled: int = 0
    """How many of its items are still under control."""
    number_of_directives: int = 0
    """How many instructions of its meetings are still followed up."""

    @property
    def open_periods(self) -> list[Period]:
        return [period for period in self.periods if period.is_open]

    @property
    def days_words(self) -> str:
        """「115年1月1日至115年12月31日」"""
        first_day = format_roc(self.programme.starts_on)
        last_day = format_roc(self.programme.ends_on)
        return f"{first_day}至{last_day}"

    @property
    def approved_words(self) -> str:
        if self.programme.approved_on is None:
            return "還沒有填核定日期"
        return f"{format_roc(self.programme.approved_on)}核定"

    @property
    def counts_words(self) -> str:
        """「33 項；4 個填報期，3 個已關閉，第4季開放中」"""
        words = "還沒有項目"
        if self.number_of_items:
            words = f"{self.number_of_items:,} 項"
        if not self.periods:
            return f"{words}；填報期還沒有建立"
        words += f"；{len(self.periods)} 個填報期"
        number_closed = sum(period.is_closed for period in self.periods)
        if number_closed:
            words += f"，{number_closed} 個已關閉"
        names = "、".join(period.name for period in self.open_periods)
        if names:
            words += f"，{names}開放中"
        return words

    @property
    def start_words(self) -> str:
        """What starting the year means beside the years that run already."""
        words = "開始執行後，首頁會列出這個年度的工作。第一次開放填報期也會自動開始執行。"
        if self.other_running:
            years = "、".join(f"{programme.year}" for programme in self.other_running)
            words += f"{years} 年度仍在執行：大家登入後，先看到今天所在、又有開放填報期的年度。"
        return words

    @property
    def obstacle_to_closing(self) -> str:
        """What has to be done before the year can be closed; empty where nothing has."""
        names = "、".join(period.name for period in self.open_periods)
        if not names:
            return ""
        return f"{names}還在填報中，關閉後才能結案。"


def year_cards() -> list[YearCard]:
    """The newest first, in five queries and those that ask whether an empty one may go."""
    programmes = list(Programme.objects.order_by("-year").prefetch_related("periods"))
    numbers = _numbers_of_items()
    controlled = number_under_control()
    directives = _numbers_of_directives()
    running = [programme for programme in programmes if programme.is_running]
    cards = []
    for programme in programmes:
        number_of_items = numbers[programme.pk]
        # Only empty years are asked, and there is hardly ever more than one.
        can_be_deleted = not number_of_items and not obstacle_to_deletion(programme)
        card = YearCard(
            programme=programme,
            number_of_items=number_of_items,
            periods=list(programme.periods.all()),
            other_running=[other for other in running if other != programme],
            can_be_deleted=can_be_deleted,
            number_controlled=controlled.get(programme.pk, 0),
            number_of_directives=directives[programme.pk],
        )
        cards.append(card)
    return cards


def _numbers_of_items() -> Counter[int]:
    """{key of the year: number of its items}."""
    actions = Action.objects.order_by().values_list(STRATEGY_PROGRAMME)
    numbers: Counter[int] = Counter()
    for programme, number in actions.annotate(number=Count("pk")):
        numbers[programme] = number
    return numbers


def _numbers_of_directives() -> Counter[int]:
    """{key of the year: number of its instructions that are still followed up}."""
    by_year = Directive.objects.open().order_by().values_list("meeting__programme")
    counted = by_year.annotate(number=Count("pk"))
    numbers: Counter[int] = Counter()
    for programme, number in counted:
        numbers[programme] = number
    return numbers


def proposed_year(today: date) -> Programme:
    """The year after the newest with the same rules; in an empty office the year of `today`.

    It is not saved.
    """
    newest = Programme.objects.order_by("-year").first()
    if newest is None:
        proposed = Programme(year=roc_year(today))
        proposed.title = f"{proposed.year}年度{settings.ORGANISATION}執行計畫"
    else:
        proposed = Programme(
            year=newest.year + 1,
            frequency=newest.frequency,
            behind_threshold=newest.behind_threshold,
            soon_days=newest.soon_days,
            delay_factors=newest.delay_factors,
            flags_off=newest.flags_off,
        )
        # 「115年度…計畫」 becomes 「116年度…計畫」; a title without the year stays as it is.
        proposed.title = newest.title.replace(str(newest.year), str(proposed.year))
    proposed.starts_on = date(proposed.year + OFFSET, 1, 1)
    proposed.ends_on = date(proposed.year + OFFSET, 12, 31)
    return proposed


def years_words() -> str:
    """「116 年度研擬中，115 年度執行中」, the newest three."""
    parts = []
    for programme in Programme.objects.order_by("-year")[:3]:
        parts.append(f"{programme.year} 年度{programme.get_state_display()}")
    return "，".join(parts) + "。"
