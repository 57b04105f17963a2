"""Who and what the story of the demonstration speaks of."""

from dataclasses import dataclass

from items.models import Assignment, Membership, MembershipRole, Programme, Role, User


@dataclass(frozen=True)
class Scene:
    """The programme and, by their names, its people and assignments.

    `heads` are by the key of their department.
    """

    programme: Programme
    people: dict[str, User]
    coordinator: User
    admin: User
    heads: dict[int, User]
    assignments: dict[str, Assignment]

    def assignment(self, code: str, department: str) -> Assignment:
        """The assignment of an action in a department."""
        return self.assignments[assignment_name(code, department)]

    def remember(self, assignment: Assignment) -> None:
        """Take in an assignment that the story has added to the plan."""
        name = assignment_name(assignment.action.code, assignment.department.name)
        self.assignments[name] = assignment


def assignment_name(code: str, department: str) -> str:
    """How the story names an assignment: 「115-04 行政處」."""
    return f"{code} {department}"


def set_scene(programme: Programme) -> Scene:
    """The scene as the approved plan and the accounts make it."""
    # Fetched once: the story asks for its people and assignments some eight hundred times.
    people = {user.username: user for user in User.objects.all()}
    scene = Scene(
        programme=programme,
        people=people,
        coordinator=User.objects.get(role=Role.COORDINATOR),
        admin=User.objects.get(role=Role.ADMIN),
        heads=heads_by_department(),
        assignments={},
    )
    for assignment in Assignment.objects.for_programme(programme).with_path():
        scene.remember(assignment)
    return scene


def heads_by_department() -> dict[int, User]:
    """{key of the department: its head}; 政風室 has none, and its reports go on without one."""
    heads = {}
    for membership in Membership.objects.filter(role=MembershipRole.HEAD).select_related("user"):
        heads[membership.department_id] = membership.user
    return heads
