"""The files of `fixtures/demonstration/`: what is invented, which each file says at its head."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from django.conf import settings

FIXTURES: Path = settings.BASE_DIR / "fixtures"
INVENTED = FIXTURES / "demonstration"


class InventedPerson(TypedDict):
    """Somebody of the branch. `reporter` and `head` name departments, `listed` is for the login page."""

    username: str
    full_name: str
    role: NotRequired[str]
    reporter: NotRequired[list[str]]
    head: NotRequired[list[str]]
    listed: NotRequired[str]


class InventedPeople(TypedDict):
    """people.json; one password for all."""

    password: str
    people: list[InventedPerson]


class ComposedText(TypedDict):
    """彙整文字 of an item of several departments: who composed it, and on which day."""

    code: str
    by: str
    on: str
    text: str


class PeriodDays(TypedDict):
    """When a period was opened, reported on and closed; days are written YYYY-MM-DD.

    The departments begin to report on `slots` working days, one after the other.
    """

    opened_on: str
    due_on: str
    first_submission_on: str
    slots: int
    closed_on: str | None
    official_texts: NotRequired[list[ComposedText]]


class PlannedEntry(TypedDict):
    """預定進度 of one assignment for the periods from the first on; later ones may be missing."""

    code: str
    department: str
    percents: list[int]


class PlanChange(TypedDict):
    """A change of the plan during the year. `what` says which; the other keys depend on it."""

    on: str
    what: str
    points: NotRequired[int]
    code: NotRequired[str]
    department: NotRequired[str]
    deadline: NotRequired[str]
    text: NotRequired[str]
    status: NotRequired[str]
    username: NotRequired[str]
    receiver: NotRequired[str]
    contacts: NotRequired[dict[str, str]]
    starts_on: NotRequired[str]
    ends_on: NotRequired[str]


class InventedYear(TypedDict):
    """plan.json: the days of the year, and what the plan office changed during it."""

    accounts_on: str
    laid_out_on: str
    periods: list[PeriodDays]
    planned: list[PlannedEntry]
    changes: list[PlanChange]


class InventedReports(TypedDict):
    """reports_….json: what one department reported.

    `reports` has for each code one entry for each period, `[text, percent, {other fields}]` or null.
    `writer` wrote them all but those of the codes in `writers`.
    """

    department: str
    writer: str
    writers: dict[str, str]
    reports: dict[str, list[list[Any] | None]]


class InventedAnswer(TypedDict):
    """meetings.json: what a department has done about an instruction, and what was decided."""

    department: str
    by: str
    on: str
    text: str
    asks: NotRequired[bool]
    agreed_on: NotRequired[str]
    refused_on: NotRequired[str]
    refused_because: NotRequired[str]


class InventedDirective(TypedDict):
    """meetings.json: an instruction; `continued_in` is the place of a later meeting in the list."""

    text: str
    code: NotRequired[str]
    due_on: NotRequired[str]
    departments: list[str]
    answers: list[InventedAnswer]
    outcome: NotRequired[str]
    because: NotRequired[str]
    concluded_on: NotRequired[str]
    continued_in: NotRequired[int]
    continued_on: NotRequired[str]


class InventedMeeting(TypedDict):
    """meetings.json: a meeting, and the day on which it was written down."""

    name: str
    held_on: str
    place: str
    chair: str
    agenda: str
    written_on: str
    directives: list[InventedDirective]


def read_meetings() -> list[InventedMeeting]:
    """meetings.json, the earliest first."""
    meetings: list[InventedMeeting] = _read(INVENTED / "meetings.json")["meetings"]
    return meetings


class InventedRequestStep(TypedDict):
    """control.json: a step of an application; 首長's decision only with an approval."""

    kind: str
    by: str
    on: str
    words: str
    manager_on: NotRequired[str]
    manager_number: NotRequired[str]


class InventedApplication(TypedDict):
    """control.json: 管制異動 of a department; `content` has fields of `ControlRequest.CONTENT`."""

    code: str
    department: str
    by: str
    on: str
    content: dict[str, str]
    steps: list[InventedRequestStep]


def read_applications() -> list[InventedApplication]:
    """control.json, the earliest first."""
    applications: list[InventedApplication] = _read(INVENTED / "control.json")["applications"]
    return applications


class InventedQuestionStep(TypedDict):
    """questions.json: an answer, or 解決."""

    kind: str
    by: str
    on: str
    text: str


class InventedQuestion(TypedDict):
    """questions.json: a question about an item, to a person or a department."""

    code: str
    by: str
    on: str
    text: str
    to_person: NotRequired[str]
    to_department: NotRequired[str]
    steps: list[InventedQuestionStep]


def read_questions() -> list[InventedQuestion]:
    """questions.json, the earliest first."""
    questions: list[InventedQuestion] = _read(INVENTED / "questions.json")["questions"]
    return questions


def read_people() -> InventedPeople:
    """people.json."""
    people: InventedPeople = _read(INVENTED / "people.json")
    return people


def read_year() -> InventedYear:
    """plan.json."""
    year: InventedYear = _read(INVENTED / "plan.json")
    return year


def read_reports() -> Iterator[InventedReports]:
    """The reports of one department after the other."""
    # Sorted, since the place of a report decides its minute: two loadings give the same year.
    for path in sorted(INVENTED.glob("reports_*.json")):
        reports: InventedReports = _read(path)
        yield reports


def _read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))
