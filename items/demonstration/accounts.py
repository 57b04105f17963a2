"""The accounts of the demonstration, as the login page and the command list them."""

from dataclasses import dataclass

from django.conf import settings

from items.demonstration.invented import InventedPerson, read_people
from items.models import MembershipRole, Role


@dataclass(frozen=True)
class DemonstrationAccount:
    """An account that a visitor may try; `role` and `person` are words for the screen."""

    role: str
    username: str
    password: str
    person: str


def demonstration_accounts() -> list[DemonstrationAccount]:
    """The accounts to try, for the login page and the command; none outside a demonstration."""
    # The one line of the demonstration that a real office's login page comes through.
    if not settings.DEMONSTRATION:
        return []
    cast = read_people()
    accounts = []
    for person in cast["people"]:
        # Three or four people of each kind write reports; the login page lists one or two of them.
        if "listed" not in person:
            continue
        account = DemonstrationAccount(
            role=role_words(person),
            username=person["username"],
            password=cast["password"],
            person=f"{person['full_name']}（{person['listed']}）",
        )
        accounts.append(account)
    return accounts


def role_words(person: InventedPerson) -> str:
    """What the person does, in words: the office-wide role, else the work for a department."""
    if "role" in person:
        return Role(person["role"]).label
    if "head" in person:
        return MembershipRole.HEAD.label
    return MembershipRole.REPORTER.label
