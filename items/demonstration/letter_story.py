"""辦公日曆 and the one 稽催單 of the demonstration."""

from datetime import date

from items.demonstration.office_hours import FIVE, TWO, moment
from items.demonstration.scene import Scene
from items.models import Department
from items.workflow import letters, working_days
from items.workflow.letters import LetterWish
from items.worklists.letters import letter_items

REMINDED = "政風室"
"""It still owes an earlier quarter, and has no head to ask."""
SENT_ON = "2026-11-20"
ANSWER_UNTIL = date(2026, 11, 27)
NOTE = "第4季的填報期限是12月1日，請先完成這幾件；有困難請在回復單寫明原因與預定完成日。"


def fill_calendar(scene: Scene, filled_on: str) -> None:
    """The plan office fills the year when it lays out its periods."""
    year = scene.programme.starts_on.year
    working_days.fill_year(year, by=scene.coordinator, at=moment(filled_on, TWO))


def send_letter(scene: Scene) -> None:
    """The department still owed something on the Friday before the demonstration's day."""
    at = moment(SENT_ON, FIVE)
    department = Department.objects.get(name=REMINDED)
    items = letter_items(scene.programme, department, at.date())
    wish = LetterWish(items, answer_until=ANSWER_UNTIL, note=NOTE)
    letters.issue(scene.programme, department, wish, by=scene.coordinator, at=at)
