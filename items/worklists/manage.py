"""管理: the cards of what the plan office and the information office set up, each with its state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from items import access
from items.day_words import moment_words
from items.models import (
    Change,
    Directive,
    DirectiveAnswer,
    Period,
    Programme,
    User,
    current_first,
)
from items.roc import format_roc_near
from items.worklists.departments import department_lists
from items.worklists.letters import letters_words
from items.worklists.mails import mail_words
from items.worklists.people import left_behind
from items.worklists.working_days import calendar_words
from items.worklists.years import years_words


@dataclass(frozen=True)
class CardLink:
    """A way from a card: its words, the name of the page, and what the address takes besides."""

    label: str
    page: str
    arguments: tuple[object, ...] = ()

    @property
    def url(self) -> str:
        return reverse(self.page, args=self.arguments)


@dataclass(frozen=True)
class ManageCard:
    """One card: what it is about, how things stand in a line, and where it leads."""

    title: str
    state: str
    links: list[CardLink]


def manage_cards(user: User, programme: Programme, today: date) -> list[ManageCard]:
    """The cards that this person may open, in the order in which an office needs them."""
    cards = [
        _periods_card(user, programme, today),
        _import_card(user, programme),
        _years_card(user, programme),
        _meetings_card(user, programme),
        _reminders_card(user, programme, today),
        _departments_card(user, programme),
        _people_card(user, programme),
        _settings_card(user, programme),
        _record_card(user, programme),
        _back_office_card(user),
    ]
    return [card for card in cards if card is not None]


# Each card, None for those whose page it is not: what stands in it costs queries.


def _periods_card(user: User, programme: Programme, today: date) -> ManageCard | None:
    if not access.can_run_periods(user):
        return None
    words = periods_words(list(programme.periods.all()), today)
    links = [CardLink("開放與關閉", "periods", (programme.year,))]
    return ManageCard("填報期", words, links)


def _import_card(user: User, programme: Programme) -> ManageCard | None:
    if not access.can_import(user):
        return None
    year = programme.year
    links = [
        CardLink("匯入計畫表", "import_upload", (year,)),
        CardLink("匯入紀錄", "batches", (year,)),
        CardLink("匯出 Excel", "programme_export", (year, "xlsx")),
    ]
    # Somebody who comes to bring a plan in may want to add a single item.
    if access.can_edit_plan(user):
        links.append(CardLink("不用檔案，逐項編輯", "plan_outline", (year,)))
    return ManageCard("匯入", import_words(programme), links)


def _years_card(user: User, programme: Programme) -> ManageCard | None:
    if not access.can_prepare_years(user):
        return None
    links = [CardLink("看年度", "years"), CardLink("新增年度", "year_new")]
    if access.can_settle_year(user):
        links.append(CardLink("年終：解除列管與轉次年", "year_end", (programme.year,)))
    return ManageCard("年度", years_words(), links)


def _meetings_card(user: User, programme: Programme) -> ManageCard | None:
    if not access.can_run_meetings(user):
        return None
    links = [CardLink("會議與裁示", "meetings", (programme.year,))]
    return ManageCard("會議", meetings_words(programme), links)


def _reminders_card(user: User, programme: Programme, today: date) -> ManageCard | None:
    year = programme.year
    if access.can_remind(user):
        links = [
            CardLink("稽催單", "letters", (year,)),
            CardLink("催辦郵件", "mails", (year,)),
            CardLink("辦公日曆", "working_days", (year,)),
        ]
        words = f"{letters_words(programme)}。{calendar_words(programme, today)}{mail_words()}"
        return ManageCard("催辦", words, links)
    # Those who read the history see what was sent; the rules are the plan office's.
    if access.can_read_record(user):
        words = mail_words() or "寄給誰、什麼時候、有沒有被退回。"
        return ManageCard("催辦", words, [CardLink("催辦郵件", "mails", (year,))])
    return None


def _departments_card(user: User, programme: Programme) -> ManageCard | None:
    if not access.can_run_departments(user):
        return None
    links = [CardLink("看單位", "departments", (programme.year,))]
    return ManageCard("單位", departments_words(programme), links)


def _people_card(user: User, programme: Programme) -> ManageCard | None:
    if not access.can_run_people(user):
        return None
    year = programme.year
    links = [
        CardLink("人員與移交", "people", (year,)),
        CardLink("業務移交", "handover", (year,)),
        CardLink("代理", "deputies", (year,)),
    ]
    if user.is_admin:
        # A page of the back office, whose own right is the role.
        links.append(CardLink("帳號", "admin:items_user_changelist"))
    if access.can_review_accounts(user):
        links.append(CardLink("帳號清查", "accounts", (year,)))
    if access.can_read_security_log(user):
        links.append(CardLink("資安日誌", "security_log", (year,)))
    return ManageCard("人員與移交", people_words(), links)


def _settings_card(user: User, programme: Programme) -> ManageCard | None:
    if not access.can_prepare_years(user):
        return None
    year = programme.year
    links = [CardLink(f"{year} 年度設定", "year_settings", (year,))]
    return ManageCard("設定", settings_words(programme), links)


def _record_card(user: User, programme: Programme) -> ManageCard | None:
    if not access.can_read_record(user):
        return None
    links = [
        CardLink("看歷程", "record", (programme.year,)),
        CardLink("當天的填報", "reported", (programme.year,)),
    ]
    return ManageCard("歷程", record_words(user, programme), links)


def _back_office_card(user: User) -> ManageCard | None:
    if not user.is_admin:
        return None
    words = "資料表的匯入匯出，與全部資料。"
    return ManageCard("後台", words, [CardLink("全部後台", "admin:index")])


# How things stand with each.


def periods_words(periods: Sequence[Period], today: date) -> str:
    """「第4季開放中，12月1日截止」, of every open period; else what comes next."""
    if not periods:
        return "填報期還沒有建立。"
    open_now = [period for period in periods if period.is_open]
    if open_now:
        sentences = []
        for period in current_first(open_now, today):
            due_on = format_roc_near(period.due_on, today)
            sentences.append(f"{period.name}開放中，{due_on}截止")
        return "；".join(sentences) + "。"
    for period in periods:
        if period.opened_at is None:
            first_day = format_roc_near(period.starts_on, today)
            last_day = format_roc_near(period.ends_on, today)
            return f"目前沒有開放；下一期是{period.name}（{first_day}至{last_day}）。"
    return "各期都已關閉。"


def import_words(programme: Programme) -> str:
    """「上次匯入 115年4月27日 09:00，顏佳慧「計畫.xlsx」」"""
    # Without its file, which may be many megabytes.
    batches = programme.batches.select_related("by").defer("content", "changes")
    last = batches.first()
    if last is None:
        return f"{programme.year} 年度還沒有匯入過計畫表。"
    words = f"上次匯入 {moment_words(last.at)}，{last.by}「{last.file_name}」"
    if last.undone_at:
        words += "（已復原）"
    return f"{words}。"


def meetings_words(programme: Programme) -> str:
    """「會議 2 次；裁示列管中 3 案，1 個單位要求解列」"""
    number = programme.meetings.count()
    if not number:
        return f"{programme.year} 年度還沒有記會議。"
    number_open = Directive.objects.of_programme(programme).open().count()
    words = f"會議 {number} 次；裁示列管中 {number_open:,} 案"
    number_asked = DirectiveAnswer.objects.of_programme(programme).asked().count()
    if number_asked:
        words += f"，{number_asked} 個單位要求解列"
    return f"{words}。"


def departments_words(programme: Programme) -> str:
    """「12 個單位，2 個沒有承辦人」"""
    rows = department_lists(programme).active
    if not rows:
        return "還沒有單位。"
    words = f"{len(rows)} 個單位"
    number_without = 0
    for row in rows:
        if not row.number_of_reporters:
            number_without += 1
    if number_without:
        words += f"，{number_without} 個沒有承辦人"
    return f"{words}。"


def people_words() -> str:
    """「啟用中的帳號 33 個，1 人的業務尚未移交」"""
    number = User.objects.filter(is_active=True).count()
    words = f"啟用中的帳號 {number:,} 個"
    number_left = len(left_behind())
    if number_left:
        words += f"，{number_left:,} 人的業務尚未移交"
    return f"{words}。"


def settings_words(programme: Programme) -> str:
    """「落後門檻 10 個百分點；30 天內算即將到期；每季填報」"""
    return (
        f"落後門檻 {programme.behind_threshold} 個百分點；{programme.soon_days} 天內算即將到期；"
        f"{programme.get_frequency_display()}填報。"
    )


def record_words(user: User, programme: Programme) -> str:
    """「最近一次異動 115年11月22日 10:00，顏佳慧」"""
    changes = access.visible_changes(user).filter(programme=programme)
    last: Change | None = changes.select_related("by").order_by("-pk").first()
    if last is None:
        return f"{programme.year} 年度還沒有異動。"
    return f"最近一次異動 {moment_words(last.at)}，{last.by}。"
