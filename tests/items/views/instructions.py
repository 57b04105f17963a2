"""What tests of meetings and instructions read and open."""

import re

from django.urls import reverse
from django.utils.html import strip_tags


def read(response):
    """What stands on a page, in one line."""
    main = re.search(r"<main[\s\S]*</main>", response.content.decode())[0]
    return " ".join(strip_tags(main).split())


def row_of(directive, department):
    return directive.answers.select_related("directive__meeting").get(department=department)


def address_of(answer):
    return reverse("directive_answer", args=[115, answer.pk])
