"""The reason that a step asks for: one rule for all steps that are never taken without one."""

from items.models.lengths import REASON_LENGTH
from items.workflow.errors import Refusal, WorkflowError


def checked_reason(because: str, *, missing: str, too_long: str) -> str:
    """The reason without spaces around; raises with one of these sentences where it cannot be."""
    # PostgreSQL would answer this character with an error.
    reason = because.replace("\0", "").strip()
    if not reason:
        raise WorkflowError(missing, Refusal.REASON_MISSING)
    require_short(reason, too_long)
    return reason


def require_short(reason: str, too_long: str) -> None:
    """Raise where the column of a reason cannot hold it: a form is not the only door."""
    if len(reason) > REASON_LENGTH:
        raise WorkflowError(too_long, Refusal.REASON_TOO_LONG)
