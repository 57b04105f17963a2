"""The plan and its progress, split by subject."""

from items.models.assignments import Assignment
from items.models.batch import ImportBatch, Upload
from items.models.history import Change, Door
from items.models.people import EVERY_DEPARTMENT, READ_ONLY, Department, Membership, Role, User
from items.models.periods import Period, PlannedProgress
from items.models.plan import Action, Method, Plan, Programme, Strategy
from items.models.progress import (
    EDITABLE,
    SUBMITTED,
    ProgressReport,
    ReportState,
    ReportStep,
    WorkStatus,
)

__all__ = [
    "EDITABLE",
    "EVERY_DEPARTMENT",
    "READ_ONLY",
    "SUBMITTED",
    "Action",
    "Assignment",
    "Change",
    "Department",
    "Door",
    "ImportBatch",
    "Membership",
    "Method",
    "Period",
    "Plan",
    "PlannedProgress",
    "Programme",
    "ProgressReport",
    "ReportState",
    "ReportStep",
    "Role",
    "Strategy",
    "Upload",
    "User",
    "WorkStatus",
]
