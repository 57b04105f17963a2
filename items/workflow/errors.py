"""What a verb says when it cannot be done: a reason for code, a whole sentence for people."""

from collections.abc import Mapping
from enum import Enum, auto

from items.models import ProgressReport


class Refusal(Enum):
    """Why a step of the workflow is not possible now."""

    PERIOD_NOT_OPEN = auto()
    PERIOD_CLOSED = auto()
    PERIOD_OPEN_ALREADY = auto()
    PERIODS_LAID_OUT_ALREADY = auto()
    DUE_DAY_NOT_POSSIBLE = auto()
    DUE_DAY_PAST = auto()
    NOTHING_REOPENED = auto()
    NOT_OF_THE_PERIOD = auto()
    YEAR_IN_ANOTHER_STATE = auto()
    YEAR_CLOSED = auto()
    YEAR_HAS_OPEN_PERIOD = auto()
    YEAR_NOT_EMPTY = auto()
    DEPARTMENT_IN_USE = auto()
    REASON_MISSING = auto()
    REASON_TOO_LONG = auto()
    REPORT_INCOMPLETE = auto()
    REPORT_CHANGED = auto()
    REPORT_IN_ANOTHER_STATE = auto()
    REPORT_HANDLED_ALREADY = auto()
    REPORT_NOT_TO_BE_SENT = auto()
    WRITER_ENDORSES = auto()
    RETURN_WITHOUT_REASON = auto()
    TOO_MANY_AT_ONCE = auto()
    NO_PASSWORD_POSSIBLE = auto()
    PERSON_FORGOTTEN = auto()
    PASSKEY_NOT_TAKEN = auto()
    OPEN_WORK = auto()
    CONTACT_IS_NO_MEMBER = auto()
    HAS_A_PAST = auto()
    ITEM_CHANGED = auto()
    ITEM_GONE = auto()
    PERSON_CANNOT_WRITE = auto()
    ROLE_UNKNOWN = auto()
    MEMBER_ALREADY = auto()
    HANDOVER_CHANGED = auto()
    NOTHING_TO_HAND_OVER = auto()
    HANDED_BACK_ALREADY = auto()
    EVIDENCE_NOT_WRITABLE = auto()
    EVIDENCE_ATTACHED_ALREADY = auto()
    EVIDENCE_TOO_MUCH = auto()
    EVIDENCE_GONE = auto()
    EVIDENCE_WORDS = auto()
    REQUEST_NOT_POSSIBLE = auto()
    REQUEST_INCOMPLETE = auto()
    REQUEST_CHANGED = auto()
    REQUEST_IN_ANOTHER_STATE = auto()
    DECISION_INCOMPLETE = auto()
    DEPUTY_NOT_POSSIBLE = auto()
    DEPUTY_OVER_ALREADY = auto()
    MEETING_HAS_DIRECTIVES = auto()
    DIRECTIVE_NOT_POSSIBLE = auto()
    DIRECTIVE_CONCLUDED = auto()
    DIRECTIVE_STILL_OPEN = auto()
    ANSWER_CHANGED = auto()
    ANSWER_IN_ANOTHER_STATE = auto()
    ANSWER_MISSING = auto()
    QUESTION_WORDS = auto()
    QUESTION_NOBODY_ANSWERS = auto()
    QUESTION_SENT_ALREADY = auto()
    QUESTION_IN_ANOTHER_STATE = auto()
    DAY_NOT_POSSIBLE = auto()
    DAY_CHANGED = auto()
    LETTER_NOT_POSSIBLE = auto()
    LETTER_VOID_ALREADY = auto()


class WorkflowError(Exception):
    """The step is not possible now; the message says why and what to do.

    Code that has to tell cases apart asks for `reason`, which a module with errors of its own may
    take from another enum.
    """

    def __init__(self, message: str, reason: Enum | None = None) -> None:
        super().__init__(message)
        self.reason = reason


class StaleReport(WorkflowError):
    """Somebody saved or moved the report in the meantime. `current` is what the database holds."""

    def __init__(self, current: ProgressReport) -> None:
        self.current = current
        message = f"這份辦理情形剛才已由{current.writer_words}更新，請先看過目前內容再決定。"
        super().__init__(message, Refusal.REPORT_CHANGED)


class IncompleteReport(WorkflowError):
    """A report that still lacks something is not sent: {field: sentence} in `lacking`."""

    def __init__(self, lacking: Mapping[str, str]) -> None:
        self.lacking = lacking
        super().__init__("".join(lacking.values()), Refusal.REPORT_INCOMPLETE)
