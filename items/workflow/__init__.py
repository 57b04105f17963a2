"""The verbs. Each touches several rows or must remember who: object first, then `by=`, `at=`."""

from items.workflow.errors import Refusal, StaleReport, WorkflowError

__all__ = ["Refusal", "StaleReport", "WorkflowError"]
