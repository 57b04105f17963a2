"""主席裁示 of a meeting as a file: the table that the next meeting looks through."""

from collections.abc import Sequence

from items.exchange.columns import CODE
from items.exchange.spreadsheets.file_table import Column, FileTable, TableRow, runs
from items.models import Directive, DirectiveAnswer, Meeting
from items.models.labels import field_label
from items.roc import format_roc
from items.worklists.meetings import DirectiveCard

OF_DIRECTIVE = 4
"""The first columns say what every row of an instruction has in common."""


def meeting_table(meeting: Meeting, cards: Sequence[DirectiveCard]) -> FileTable:
    """A row for each department of each instruction."""
    rows: list[TableRow] = []
    directive_of_row: list[int] = []
    for card in cards:
        for answer_row in card.rows:
            directive_of_row.append(card.directive.number)
            rows.append(_row(card, answer_row.answer))

    # Rows belong together by 案次, which a meeting has once: texts and days may be alike.
    def is_same_directive(row: int, following: int) -> bool:
        return directive_of_row[row] == directive_of_row[following]

    merges = []
    for column in range(OF_DIRECTIVE):
        merges += runs(rows, column, is_same_directive)
    subtitle = format_roc(meeting.held_on)
    if meeting.chair:
        subtitle += f"　{field_label(Meeting, 'chair')} {meeting.chair}"
    return FileTable(
        name="主席裁示",
        title=f"{meeting.name}主席裁示辦理情形",
        subtitle=subtitle,
        columns=_columns(),
        rows=rows,
        merges=merges,
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column(field_label(Directive, "number"), 6, is_centred=True),
        Column(field_label(Directive, "text"), 40),
        Column(CODE, 9, is_centred=True),
        Column(field_label(Directive, "due_on"), 15),
        Column(field_label(DirectiveAnswer, "department"), 12),
        Column(field_label(DirectiveAnswer, "text"), 46),
        Column(field_label(DirectiveAnswer, "state"), 10, is_centred=True),
        Column(field_label(Directive, "outcome"), 12, is_centred=True),
    )


def _row(card: DirectiveCard, answer: DirectiveAnswer) -> TableRow:
    directive = card.directive
    # An instruction may be about no item of the plan, and without a day.
    code = ""
    if directive.action is not None:
        code = directive.action.code
    due_on = ""
    if directive.due_on is not None:
        due_on = format_roc(directive.due_on)
    return [
        directive.number,
        directive.text,
        code,
        due_on,
        answer.department.name,
        answer.text,
        answer.get_state_display(),
        card.state_words,
    ]
