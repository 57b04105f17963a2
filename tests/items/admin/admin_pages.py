"""The pages of the back office: their addresses, and their words."""

import re

from django.urls import reverse

from items.back_office import GROUPS

MODELS = [model for group in GROUPS for model in group.models]
INLINE = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}


def listing(model):
    return reverse(f"admin:items_{model.lower()}_changelist")


def page_of(obj):
    return reverse(f"admin:items_{obj._meta.model_name}_change", args=[obj.pk])


def words_of(response):
    """What stands on the page, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
