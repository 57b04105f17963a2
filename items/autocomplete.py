"""What a field of the back office offers to choose from."""

from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey
from django.http import HttpRequest


class ChoicesWithYear(AutocompleteJsonView):
    """Django's choices, with the year before a part of a plan: years repeat their titles."""

    def process_request(self, request: HttpRequest) -> tuple[str, ModelAdmin, ForeignKey, str]:
        """Django takes rows that point here (`reports`) for a field, and fails on them later."""
        asked = super().process_request(request)
        _, _, source_field, _ = asked
        if not isinstance(source_field, ForeignKey):
            raise PermissionDenied
        return asked

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        result = super().serialize_result(obj, to_field_name)
        # Departments and accounts belong to no year.
        programme = getattr(obj, "programme", None)
        if programme is not None:
            title = result["text"]
            result["text"] = f"{programme.year}年度　{title}"
        return result
