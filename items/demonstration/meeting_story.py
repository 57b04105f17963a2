"""The review meetings of the demonstration, and what became of the instructions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from items.demonstration.invented import (
    InventedAnswer,
    InventedDirective,
    InventedMeeting,
    read_meetings,
)
from items.demonstration.office_hours import FIVE, TWO, moment
from items.demonstration.scene import Scene
from items.models import Action, Department, Directive, DirectiveOutcome, Meeting
from items.workflow import directive_answers, directive_endings, directives
from items.workflow.directives import DirectiveContent


@dataclass(frozen=True)
class GivenDirective:
    """An instruction of the story and the row that it has become."""

    story: InventedDirective
    directive: Directive


def hold_meetings(scene: Scene) -> None:
    """Write the meetings down, one after the other, and let the departments answer."""
    meetings = []
    stories = read_meetings()
    for story in stories:
        meetings.append(write_down(scene, story))
    for meeting, story in zip(meetings, stories, strict=True):
        for number, of_story in enumerate(story["directives"], start=1):
            directive = Directive.objects.get(meeting=meeting, number=number)
            play(scene, GivenDirective(of_story, directive), meetings)


def write_down(scene: Scene, story: InventedMeeting) -> Meeting:
    """A meeting with its instructions, as the plan office has typed them the day after."""
    at = moment(story["written_on"], TWO)
    meeting = Meeting(
        programme=scene.programme,
        name=story["name"],
        held_on=date.fromisoformat(story["held_on"]),
        place=story["place"],
        chair=story["chair"],
        agenda=story["agenda"],
    )
    directives.save_meeting(meeting, by=scene.coordinator, at=at)
    for of_story in story["directives"]:
        content = content_of(scene, of_story)
        directives.give(meeting, content, by=scene.coordinator, at=at)
    return meeting


def content_of(scene: Scene, story: InventedDirective) -> DirectiveContent:
    action = None
    if "code" in story:
        actions = Action.objects.for_programme(scene.programme).with_path()
        action = actions.get(code=story["code"])
    due_on = None
    if "due_on" in story:
        due_on = date.fromisoformat(story["due_on"])
    departments = Department.objects.filter(name__in=story["departments"])
    return DirectiveContent(
        text=story["text"], departments=list(departments), action=action, due_on=due_on
    )


def play(scene: Scene, given: GivenDirective, held: Sequence[Meeting]) -> None:
    """What the departments answered, what the plan office decided, and how it ended."""
    story = given.story
    for answer in story["answers"]:
        play_answer(scene, given.directive, answer)
    if "outcome" in story:
        directive_endings.conclude(
            given.directive,
            DirectiveOutcome(story["outcome"]),
            because=story["because"],
            by=scene.coordinator,
            at=moment(story["concluded_on"]),
        )
    if "continued_in" in story:
        directives.carry_over(
            given.directive,
            held[story["continued_in"]],
            by=scene.coordinator,
            at=moment(story["continued_on"], FIVE),
        )


def play_answer(scene: Scene, directive: Directive, story: InventedAnswer) -> None:
    row = directive.answers.select_related("directive").get(department__name=story["department"])
    asks = story.get("asks", False)
    directive_answers.write(
        row,
        story["text"],
        seen_at=row.answered_at,
        asks=asks,
        by=scene.people[story["by"]],
        at=moment(story["on"]),
    )
    if "agreed_on" in story:
        at = moment(story["agreed_on"])
        directive_answers.agree(row, by=scene.coordinator, at=at)
    if "refused_on" in story:
        directive_answers.refuse(
            row,
            because=story["refused_because"],
            by=scene.coordinator,
            at=moment(story["refused_on"]),
        )
