"""The fields of a form, drawn without a template for each option.

Django draws every option of a list by two templates of its own: the filter of the plan table, with
thirty options, took a quarter of the time of the base page for its fields alone. What stands on
the page is the same, letter by letter.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

WidgetContext = dict[str, Any]
"""What `Widget.get_context` says of a field or of an option."""


class FlatRenderer(DjangoTemplates):
    """Django's own renderer, except for the fields that `DRAWN` knows."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> SafeString:
        draw = DRAWN.get(template_name)
        if draw is None:
            return mark_safe(super().render(template_name, context, request))  # nosec B703
        return mark_safe(draw(context["widget"]))  # nosec B703


def _escaped(value: object) -> str:
    if isinstance(value, str):
        return conditional_escape(value)
    return conditional_escape(str(value))


def _attributes(attrs: dict[str, Any]) -> str:
    """As `django/forms/widgets/attrs.html`: True is a name alone, False is nothing."""
    written = []
    for name, value in attrs.items():
        if value is False:
            continue
        if value is True:
            written.append(f" {_escaped(name)}")
        else:
            written.append(f' {_escaped(name)}="{_escaped(value)}"')
    return "".join(written)


def _input(widget: WidgetContext) -> str:
    kind = _escaped(widget["type"])
    name = _escaped(widget["name"])
    # A field that is empty has no attribute at all, as Django's own template writes it.
    value = ""
    if widget["value"] is not None:
        value = f' value="{_escaped(widget["value"])}"'
    attributes = _attributes(widget["attrs"])
    return f'<input type="{kind}" name="{name}"{value}{attributes}>'


def _textarea(widget: WidgetContext) -> str:
    text = _escaped(widget["value"] or "")
    name = _escaped(widget["name"])
    # Browsers leave out the line break behind the tag, and no other.
    return f'<textarea name="{name}"{_attributes(widget["attrs"])}>\n{text}</textarea>'


def _select(widget: WidgetContext) -> str:
    name = _escaped(widget["name"])
    attributes_of_list = _attributes(widget["attrs"])
    parts = [f'<select name="{name}"{attributes_of_list}>']
    for group, options, _ in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{_escaped(group)}">')
        for option in options:
            value = _escaped(option["value"])
            attributes = _attributes(option["attrs"])
            label = _escaped(option["label"])
            parts.append(f'\n  <option value="{value}"{attributes}>{label}</option>\n')
        if group:
            parts.append("\n  </optgroup>")
    parts.append("\n</select>")
    return "".join(parts)


def _option_of_list(widget: WidgetContext) -> str:
    """One box or one button of a list of choices, with its label around it where one is asked for."""
    box = _input(widget)
    if not widget.get("wrap_label"):
        return box
    label_for = ""
    if widget["attrs"].get("id"):
        label_for = f' for="{_escaped(widget["attrs"]["id"])}"'
    return f"<label{label_for}>{box}\n {_escaped(widget['label'])}</label>"


class LongSelect(forms.Select):
    """A list of a thousand choices without groups, each drawn straight from its value and label.

    Django makes a context of ten entries for each option first: of 歷程, whose form names everybody
    with an account, that took a quarter of the page.
    """

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        # As Django's list: of equal choices the first alone is the chosen one.
        chosen = set(self.format_value(value))
        written = _attributes(self.build_attrs(self.attrs, attrs))
        parts = [f'<select name="{_escaped(name)}"{written}>']
        for choice, label in self.choices:
            selected = ""
            key = str(choice)
            if key in chosen:
                selected = " selected"
                chosen.clear()
            parts.append(
                f'\n  <option value="{_escaped(key)}"{selected}>{_escaped(label)}</option>\n'
            )
        parts.append("\n</select>")
        return mark_safe("".join(parts))  # nosec B703


_FOLDER = "django/forms/widgets"
DRAWN: dict[str, Callable[[WidgetContext], str]] = {
    f"{_FOLDER}/select.html": _select,
    f"{_FOLDER}/textarea.html": _textarea,
    f"{_FOLDER}/checkbox_option.html": _option_of_list,
    f"{_FOLDER}/radio_option.html": _option_of_list,
}
"""{template of Django's: what draws the same}"""
for _kind in ("input", "text", "number", "email", "url", "search", "tel", "color", "password"):
    DRAWN[f"{_FOLDER}/{_kind}.html"] = _input
for _kind in ("hidden", "date", "datetime", "time", "file", "checkbox"):
    DRAWN[f"{_FOLDER}/{_kind}.html"] = _input
