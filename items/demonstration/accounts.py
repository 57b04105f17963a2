"""The accounts of the demonstration, as the login page and the command list them."""

import json

from django.conf import settings

from items.models import MembershipRole, Role

FIXTURES = settings.BASE_DIR / "fixtures"
INVENTED = FIXTURES / "demonstration"


def read(name):
    return json.loads((INVENTED / name).read_text("utf-8"))


def demonstration_accounts():
    """[(role in words, username, password, who)] for the login page and the command; empty outside a demonstration."""
    if not settings.DEMONSTRATION:
        return []
    cast = read("people.json")
    return [
        (
            role_words(person),
            person["username"],
            cast["password"],
            f"{person['full_name']}（{person['listed']}）",
        )
        for person in cast["people"]
        if "listed" in person
    ]


def role_words(person):
    if "role" in person:
        return Role(person["role"]).label
    return (MembershipRole.HEAD if "head" in person else MembershipRole.REPORTER).label
