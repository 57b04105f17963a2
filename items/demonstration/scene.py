"""Who and what the story of the demonstration speaks of."""

from dataclasses import dataclass

from items.models import Assignment, Membership, MembershipRole, Programme, Role, User


@dataclass(frozen=True)
class Scene:
    """The programme, its people by username, its heads by the key of their department."""

    programme: Programme
    people: dict[str, User]
    coordinator: User
    admin: User
    heads: dict[int, User]
    assignments: dict[str, Assignment]

    def assignment(self, code: str, department: str) -> Assignment:
        """The assignment of an action in a department."""
        return self.assignments[f"{code} {department}"]

    def remember(self, assignment: Assignment) -> None:
        """Take in an assignment that the story has added to the plan."""
        code = assignment.action.code
        self.assignments[f"{code} {assignment.department.name}"] = assignment


def set_scene(programme: Programme) -> Scene:
    """The scene, fetched once: the story asks for its people some five hundred times."""
    people = {user.username: user for user in User.objects.all()}
    heads = {}
    for membership in Membership.objects.filter(role=MembershipRole.HEAD).select_related("user"):
        heads[membership.department_id] = membership.user
    scene = Scene(
        programme=programme,
        people=people,
        coordinator=next(user for user in people.values() if user.role == Role.COORDINATOR),
        admin=next(user for user in people.values() if user.role == Role.ADMIN),
        heads=heads,
        assignments={},
    )
    for assignment in Assignment.objects.for_programme(programme).with_path():
        scene.remember(assignment)
    return scene
