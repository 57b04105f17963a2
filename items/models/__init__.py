"""The plan and its progress, split by subject."""

from items.models.actions import Action, ControlStatus
from items.models.assignment_queries import AssignmentKind
from items.models.assignments import Assignment
from items.models.batch import ImportBatch, Upload
from items.models.calendar_address import CalendarAddress
from items.models.closing import KeptLine, PeriodClosing
from items.models.control import (
    ControlKind,
    ControlRequest,
    RequestState,
)
from items.models.control_files import ControlFile
from items.models.control_settings import ControlSettings
from items.models.control_steps import ControlStep, RequestStepKind
from items.models.control_successors import ControlSuccessor, SuccessorShare
from items.models.department_names import EVERY_DEPARTMENT
from items.models.departments import Department
from items.models.deputies import Deputy
from items.models.directives import AnswerState, Directive, DirectiveAnswer, DirectiveOutcome
from items.models.doors import Door
from items.models.evidence import Evidence, EvidenceKind
from items.models.handover import Handover
from items.models.history import Change, ChangeKind
from items.models.history_home import HistoryHome
from items.models.history_words import FieldChange
from items.models.letters import ReminderLetter
from items.models.meetings import Meeting
from items.models.memberships import Membership, MembershipRole
from items.models.notices import Notice, NoticeEvent, NoticeKind
from items.models.official_text import OfficialText
from items.models.people import READ_ONLY, Role, User
from items.models.periods import Period, current_first, current_period
from items.models.plan import Method, Plan, Strategy
from items.models.planned_progress import PlannedProgress
from items.models.programme import Frequency, Programme, ProgrammeState
from items.models.progress import (
    EDITABLE,
    SUBMITTED,
    ProgressReport,
    ReportState,
    WorkStatus,
)
from items.models.questions import Question, QuestionState, QuestionStep, QuestionStepKind
from items.models.reminder_mail import MailWish, ReminderSettings
from items.models.reopening import Reopening
from items.models.report_steps import ReportStep, StepKind
from items.models.second_factor import Passkey, RecoveryCode, SecondFactor
from items.models.sent_reminders import RemindedItem, ReminderMail
from items.models.sign_in import FormerPassword, SignedInSession
from items.models.single_sign_on import SingleSignOn
from items.models.working_days import DaySource, OfficeDay, WorkingCalendar
from items.models.year_end import YearEndDecision, YearEndItem

__all__ = [
    "EDITABLE",
    "EVERY_DEPARTMENT",
    "READ_ONLY",
    "SUBMITTED",
    "Action",
    "AnswerState",
    "Assignment",
    "AssignmentKind",
    "CalendarAddress",
    "Change",
    "ChangeKind",
    "ControlFile",
    "ControlKind",
    "ControlRequest",
    "ControlSettings",
    "ControlStatus",
    "ControlStep",
    "ControlSuccessor",
    "DaySource",
    "Department",
    "Deputy",
    "Directive",
    "DirectiveAnswer",
    "DirectiveOutcome",
    "Door",
    "Evidence",
    "EvidenceKind",
    "FieldChange",
    "FormerPassword",
    "Frequency",
    "Handover",
    "HistoryHome",
    "ImportBatch",
    "KeptLine",
    "MailWish",
    "Meeting",
    "Membership",
    "MembershipRole",
    "Method",
    "Notice",
    "NoticeEvent",
    "NoticeKind",
    "OfficeDay",
    "OfficialText",
    "Passkey",
    "Period",
    "PeriodClosing",
    "Plan",
    "PlannedProgress",
    "Programme",
    "ProgrammeState",
    "ProgressReport",
    "Question",
    "QuestionState",
    "QuestionStep",
    "QuestionStepKind",
    "RecoveryCode",
    "RemindedItem",
    "ReminderLetter",
    "ReminderMail",
    "ReminderSettings",
    "Reopening",
    "ReportState",
    "ReportStep",
    "RequestState",
    "RequestStepKind",
    "Role",
    "SecondFactor",
    "SignedInSession",
    "SingleSignOn",
    "StepKind",
    "Strategy",
    "SuccessorShare",
    "Upload",
    "User",
    "WorkStatus",
    "WorkingCalendar",
    "YearEndDecision",
    "YearEndItem",
    "current_first",
    "current_period",
]
