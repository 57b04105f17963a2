"""The official table: one line per action, with cells that span the lines they have in common, as on paper."""

from dataclasses import dataclass, field
from itertools import groupby

from items.lights import ATTENTION
from items.models import EVERY_DEPARTMENT


@dataclass(frozen=True)
class Line:
    """One action as a line of the table; a span of 0 means that a cell above reaches down to here."""

    action: object
    subjects: list
    strategy_span: int = 1
    method_span: int = 1
    plan_span: int = 1
    benefit_span: int = 1

    @property
    def plan(self):
        return self.action.plan

    @property
    def method(self):
        return self.action.plan.method

    @property
    def strategy(self):
        return self.action.plan.method.strategy

    @property
    def light(self):
        """The worst of the subjects' lights; None where nothing is handed out."""
        return (
            max(self.subjects, key=lambda subject: subject.severity).light
            if self.subjects
            else None
        )

    @property
    def light_reason(self):
        """Why, in words; with the departments' names where not all of several share the reason."""
        return "；".join(reasons(self.subjects, self.light))

    @property
    def actual(self):
        return mean([subject.actual for subject in self.subjects])

    @property
    def planned(self):
        return mean([subject.planned for subject in self.subjects])

    @property
    def leads(self):
        """[(name, assignment or None)] of 主辦單位; 各單位 names those that ask for attention below itself."""
        leads = self.action.leads()
        if self.action.every_department:
            troubled = [lead for lead in leads if lead.light in ATTENTION]
            return [(EVERY_DEPARTMENT, None)] + [(lead.department.name, lead) for lead in troubled]
        return [(lead.department.name, lead if len(leads) > 1 else None) for lead in leads]

    @property
    def deadlines(self):
        """[(department names or "", words)]: once, or for each department where they differ."""
        if len(set(self.action.deadline_lines())) < 2:
            return [("", text) for text in self.action.deadline_lines()[:1]]
        found = {}
        for lead in self.action.leads():
            found.setdefault(lead.deadline_text, []).append(lead.department.name)
        few_first = sorted(found.items(), key=lambda pair: len(pair[1]) > 3)
        return [
            ("、".join(names) if len(names) <= 3 else f"其餘 {len(names)} 個單位", text)
            for text, names in few_first
        ]


@dataclass(frozen=True)
class Group:
    """The lines of one strategy on this page."""

    strategy: object
    lines: list = field(default_factory=list)


def mean(percents):
    """The mean of whole percents as a whole percent, a half rounded up; None of nothing."""
    return (sum(percents) * 2 + len(percents)) // (len(percents) * 2) if percents else None


def reasons(assignments, light):
    """「資訊室落後 14 個百分點」: one sentence for each reason why several departments show this light."""
    found = {}
    for assignment in assignments:
        if assignment.light == light and assignment.light_reason:
            found.setdefault(assignment.light_reason, []).append(assignment.department.name)
    return [who(names, len(assignments)) + reason for reason, names in found.items()]


def who(names, every):
    """The departments that a reason is about: nobody is named where it is all of them."""
    if len(names) == every:
        return ""
    return "、".join(names) if len(names) <= 3 else f"{names[0]}等 {len(names)} 個單位"


def runs(keys):
    """How far each cell reaches down: [3, 0, 0, 1] for the keys a a a b."""
    found = []
    for _, equal in groupby(keys):
        length = sum(1 for _ in equal)
        found += [length] + [0] * (length - 1)
    return found


def lines(actions, department=None, spanning=True):
    """The lines of these actions, whose assignments are prefetched `with_light`; the spans reach no further than these.

    With a department, light and progress are those of its own assignment, else of the leads together.
    """

    def subjects(action):
        if department is None:
            return action.leads()
        return [
            assignment
            for assignment in action.assignments.all()
            if assignment.department_id == department.pk
        ]

    if not spanning:
        return [Line(action, subjects(action)) for action in actions]
    spans = zip(
        runs([action.plan.method.strategy_id for action in actions]),
        runs([action.plan.method_id for action in actions]),
        runs([action.plan_id for action in actions]),
        runs([(action.plan_id, action.expected_benefit) for action in actions]),
        strict=True,
    )
    return [
        Line(action, subjects(action), *four) for action, four in zip(actions, spans, strict=True)
    ]


def grouped(lines_of_page):
    """One group per strategy, so that a table body never cuts a spanning cell."""
    return [
        Group(strategy, list(group))
        for strategy, group in groupby(lines_of_page, key=lambda line: line.strategy)
    ]
