"""What people of the demonstration asked each other about items."""

from items.demonstration.invented import InventedQuestion, read_questions
from items.demonstration.office_hours import FIVE, TWO, moment
from items.demonstration.scene import Scene
from items.models import Action, Department, Question, User
from items.workflow import questions


def ask_and_answer(scene: Scene) -> None:
    """Ask in the afternoon of a day; answers come at its end."""
    for story in read_questions():
        asked = _ask(scene, story)
        for step in story["steps"]:
            by = scene.people[step["by"]]
            at = moment(step["on"], FIVE)
            if step["kind"] == "answer":
                questions.answer(asked, step["text"], by=by, at=at)
            else:
                questions.settle(asked, text=step["text"], by=by, at=at)


def _ask(scene: Scene, story: InventedQuestion) -> Question:
    actions = Action.objects.for_programme(scene.programme).with_path()
    to: Department | User
    if "to_person" in story:
        to = scene.people[story["to_person"]]
    else:
        to = Department.objects.get(name=story["to_department"])
    return questions.ask(
        actions.get(code=story["code"]),
        story["text"],
        to=to,
        by=scene.people[story["by"]],
        at=moment(story["on"], TWO),
    )
