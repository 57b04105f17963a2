"""What a field of the back office offers to choose from."""

from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView


class ChoicesWithYear(AutocompleteJsonView):
    """Django's choices, with the year before a part of a plan: years repeat their titles."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        result = super().serialize_result(obj, to_field_name)
        programme = getattr(obj, "programme", None)
        if programme is not None:
            result["text"] = f"{programme.year}年度　{result['text']}"
        return result
