"""The verbs. A verb touches several rows or must remember who: object first, then `by=` and `at=`."""

from items.workflow.errors import Refusal, StaleReport, WorkflowError

__all__ = ["Refusal", "StaleReport", "WorkflowError"]
