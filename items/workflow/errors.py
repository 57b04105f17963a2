"""What a verb says when it cannot be done: whole sentences for the person who asked."""


class WorkflowError(Exception):
    """The step is not possible now; the message says why and what to do."""


class StaleReport(WorkflowError):
    """Somebody saved or moved the report in the meantime. `current` is what the database holds now."""

    def __init__(self, current):
        self.current = current
        super().__init__(f"這份辦理情形剛才已由{current.written_by}更新，請先看過目前內容再決定。")
