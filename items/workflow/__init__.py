"""The verbs: each touches several rows or must remember who; object first, `by=` and `at=` by keyword."""

from items.workflow.errors import StaleReport, WorkflowError

__all__ = ["StaleReport", "WorkflowError"]
