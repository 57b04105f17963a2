"""Fields look as Django draws them, though no template draws them."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer

from plan_tracker.form_renderer import DRAWN, FlatRenderer, LongSelect

MARKUP = "<b title='&\"'>甲</b>"
CHOICES = [("", "全部"), (1, "行政處"), (MARKUP, MARKUP), ("港區", [("a", "甲"), ("b", "乙")])]
ATTRIBUTES = {"id": "id_field", "required": True, "disabled": False, "title": MARKUP, "size": 3}

WIDGETS = [
    forms.TextInput(),
    forms.NumberInput({"min": 0, "max": 100}),
    forms.EmailInput(),
    forms.URLInput(),
    forms.SearchInput(),
    forms.TelInput(),
    forms.ColorInput(),
    forms.PasswordInput(render_value=True),
    forms.HiddenInput(),
    forms.DateInput(),
    forms.DateTimeInput(),
    forms.TimeInput(),
    forms.FileInput(),
    forms.Textarea({"rows": 4}),
    forms.CheckboxInput(),
    forms.Select(choices=CHOICES),
    forms.SelectMultiple(choices=CHOICES),
    # Lists of boxes are drawn by Django's template, each box by ours.
    forms.CheckboxSelectMultiple(choices=CHOICES),
    forms.RadioSelect(choices=CHOICES),
    forms.ClearableFileInput(),
]
VALUES = [None, "", "1", 1, 10_000, MARKUP, "兩行\n文字", [1, "a"], True]


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
@pytest.mark.parametrize("value", VALUES, ids=str)
def test_a_field_is_drawn_as_django_draws_it(widget, value):
    ours = widget.render("field", value, ATTRIBUTES, FlatRenderer())
    stock = widget.render("field", value, ATTRIBUTES, DjangoTemplates())

    assert ours == stock


@pytest.mark.parametrize("value", [*VALUES, [], [None]], ids=str)
def test_a_long_list_is_drawn_as_django_draws_it(value):
    # Two of one value: the first is the chosen one.
    choices = [*CHOICES[:3], (1, "又是行政處"), (10_000, "一萬")]
    ours = LongSelect(choices=choices).render("field", value, ATTRIBUTES)
    stock = forms.Select(choices=choices).render("field", value, ATTRIBUTES, DjangoTemplates())

    assert ours == stock


@pytest.mark.parametrize("widget", [forms.CheckboxSelectMultiple, forms.RadioSelect])
def test_a_box_that_is_taken_out_of_its_list_is_the_same(widget):
    class Form(forms.Form):
        light = forms.MultipleChoiceField(choices=CHOICES[:3], widget=widget)

    ours = [str(box) for box in Form({"light": ["1"]}, renderer=FlatRenderer())["light"]]
    stock = [str(box) for box in Form({"light": ["1"]}, renderer=DjangoTemplates())["light"]]

    assert ours == stock
    assert "checked" in ours[1]


def test_every_form_is_drawn_by_it():
    assert isinstance(get_default_renderer(), FlatRenderer)


def test_the_templates_that_it_stands_for_are_djangos(settings):
    for template_name in DRAWN:
        assert DjangoTemplates().get_template(template_name)
