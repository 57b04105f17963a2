"""The words of the bar: at most five, the own work first, as product.md lists them by role."""

from collections.abc import Sequence
from typing import NamedTuple

from items import access
from items.models import READ_ONLY, Membership, MembershipRole, User

PARENTS = {
    "todo": "inbox",
    "report_form": "todo",
    "previous_report": "todo",
    "official_text": "action",
    "contacts": "todo",
    "people": "manage",
    "accounts": "people",
    "handover": "people",
    "handover_list": "people",
    "deputies": "people",
    "control_requests": "todo",
    "control_request": "control_requests",
    "control_attach": "control_request",
    "control_file_remove": "control_request",
    "control_decide": "control_requests",
    "control_edit": "control_request",
    "control_apply": "action",
    "offline": "todo",
    "offline_preview": "todo",
    "action": "plan",
    "action_timeline": "action",
    "question": "action",
    "question_new": "action",
    "action_edit": "action",
    "action_new": "plan",
    "action_planned": "action",
    "plan_outline": "plan",
    "part_new": "plan_outline",
    "part_edit": "plan_outline",
    "periods": "manage",
    "working_days": "manage",
    "letters": "todo",
    "mails": "manage",
    "letter": "letters",
    "letter_new": "letters",
    "import_upload": "manage",
    "import_preview": "import_upload",
    "batches": "record",
    "batch": "batches",
    "batch_undo": "batches",
    "years": "manage",
    "year_new": "years",
    "year_settings": "manage",
    "year_control": "year_settings",
    "year_end": "manage",
    "year_end_undo": "year_end",
    "departments": "manage",
    "department": "departments",
    "record": "manage",
    "reported": "record",
    "security_log": "record",
    # Where the bar has no room for the word, a card of 管理 leads there.
    "meetings": "manage",
    "meeting": "meetings",
    "meeting_edit": "meeting",
    "directive": "meeting",
    "directive_answer": "meeting",
}
"""{name of a page: name of the page that it hangs below}; a new page is added here."""

OTHER_PARENTS = {
    "accounts": "record",
    "contacts": "people",
    "control_decide": "review",
    "control_edit": "review",
    "control_request": "review",
    "control_requests": "review",
    "deputies": "todo",
    "handover": "todo",
    "handover_list": "todo",
    "letter": "review",
    "letter_new": "review",
    "letters": "review",
    "mails": "record",
}
"""The same for pages that the plan office and the departments come to from different places."""


PAGES_OF_EVERY_YEAR = {
    "accounts",
    "inbox",
    "todo",
    "contacts",
    "control_requests",
    "people",
    "handover",
    "deputies",
    "review",
    "manage",
    "departments",
    "year_settings",
    "year_end",
    "dashboard",
    "plan",
    "periods",
    "working_days",
    "letters",
    "mails",
    "import_upload",
    "batches",
    "record",
    "reported",
    "security_log",
    "meetings",
}
"""Pages that every year has, so that another year can be chosen without leaving the page."""


LABELS = {
    "inbox": "待我核可",
    "todo": "我的填報",
    "review": "填報審核",
    "control_requests": "管制異動申請",
    "manage": "管理",
    "dashboard": "總覽",
    "plan": "計畫表",
    "periods": "填報期",
    "working_days": "辦公日曆",
    "letters": "稽催單",
    "mails": "催辦郵件",
    "import_upload": "匯入",
    "batches": "匯入紀錄",
    "record": "歷程",
    "reported": "當天的填報",
    "departments": "單位",
    "people": "人員與移交",
    "accounts": "帳號清查",
    "security_log": "資安日誌",
    "meetings": "會議",
    "year_end": "年終",
}
"""What the pages are called in a sentence."""


def list_above(name: str) -> str:
    """The page itself where every year has it, else the nearest one above that every year has."""
    for candidate in page_and_parents(name):
        if candidate in PAGES_OF_EVERY_YEAR:
            return candidate
    return "dashboard"


MOST_WORDS = 5
"""As many words has the bar at most."""


class MenuWord(NamedTuple):
    """One word of the bar and the name of the page that it leads to."""

    label: str
    page: str


def words_of(user: User, memberships: Sequence[Membership]) -> list[MenuWord]:
    """The bar of this person."""
    words = []
    if memberships and user.role not in READ_ONLY:
        # A head starts from what waits for an endorsement; both lists are joined by tabs.
        first_page = "todo"
        if any(membership.role == MembershipRole.HEAD for membership in memberships):
            first_page = "inbox"
        words.append(MenuWord("我的工作", first_page))
    if access.can_review(user):
        words.append(MenuWord("審核", "review"))
    # The information office works in 管理; the plan office goes there now and then.
    if user.is_admin:
        words.append(MenuWord("管理", "manage"))
    words.append(MenuWord("總覽", "dashboard"))
    words.append(MenuWord("計畫表", "plan"))
    if access.can_manage(user) and not user.is_admin:
        words.append(MenuWord("管理", "manage"))
    # The plan office finds it as a card of 管理: the bar has five words.
    if access.can_read_record(user) and not user.is_coordinator:
        words.append(MenuWord("歷程", "record"))
    # The information office has no part in meetings. A coordinator who writes for a department as
    # well has no room left in the bar, and a card of 管理 instead.
    if not user.is_admin and len(words) < MOST_WORDS:
        behind_plan = [word.page for word in words].index("plan") + 1
        words.insert(behind_plan, MenuWord("會議", "meetings"))
    return words


def page_and_parents(name: str) -> list[str]:
    """The names of a page and of those that it hangs below, the nearest first."""
    names = [name]
    while names[-1] in PARENTS:
        names.append(PARENTS[names[-1]])
    return names


def marked_page(words: Sequence[MenuWord], name_here: str) -> str:
    """The page whose word is marked on the page `name_here`; empty where none is."""
    in_the_bar = {word.page for word in words}
    names = page_and_parents(name_here)
    if name_here in OTHER_PARENTS:
        names += page_and_parents(OTHER_PARENTS[name_here])
    for name in names:
        if name in in_the_bar:
            return name
    return ""
