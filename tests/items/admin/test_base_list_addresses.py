"""Addresses of the back office that somebody has typed: no error page, and nothing told by them."""

import pytest
from django.contrib import admin as django_admin
from django.urls import reverse

from items.models import User
from tests.items.admin.admin_pages import MODELS, listing, words_of

TYPED = [
    "q=%00",
    "q=%00%27",
    "p=99999999999999999999999",
    "p=x",
    "o=99999999999999999999999",
    "o=-.x",
    "id__exact=99999999999999999999999",
    "id=x",
    "id=%00",
    "pk__in=1,x,%00",
    "fields__contains=x",
    "sign_in_generation__gte=0",
    "no_such_field=1",
    "at__year=1",
    "at__year=9999",
    "at__year=99999999999999999999999999999",
    "at__year=%C2%B2",
    "at__year=115",
    "at__year=2026&at__month=13",
    "at__year=2026&at__month=99999999999999999999999",
    "at__month=x",
    "at__day=0",
    "kind__exact=%00",
    "programme__id__exact=%00",
    "programme__id__exact=99999999999999999999999",
    "programme__id__exact=x",
    "is_active__exact=x",
    "state__exact=%00",
    "e=1",
    "_changelist_filters=%00",
]


@pytest.mark.parametrize("typed", TYPED)
def test_a_typed_address_of_a_list_is_answered(office, everything, typed):
    """On both engines: PostgreSQL refuses what SQLite takes, and the other way round."""
    for model in ("Change", "User", "ProgressReport", "Action"):
        response = office.get(f"{listing(model)}?{typed}", follow=True)
        assert response.status_code == 200, model


@pytest.mark.parametrize("model", MODELS)
def test_a_list_is_limited_only_by_the_filters_that_it_offers(office, everything, model):
    """By any other field the rows that are listed would tell what the page does not show."""
    model_class = next(
        registered for registered in django_admin.site._registry if registered.__name__ == model
    )
    key = everything.pk
    for field in model_class._meta.get_fields():
        if field.auto_created and not field.concrete:
            response = office.get(f"{listing(model)}?{field.name}={key}")
            assert response.status_code == 302, field.name
            assert response["Location"].endswith("?e=1")


@pytest.mark.one_engine
def test_nobody_learns_from_a_list_whether_there_is_a_draft(
    office, action, administration, q4, make_report, mei
):
    assignment = action.assignments.get(department=administration)
    draft = make_report(assignment, q4, mei, state="draft")
    answers = set()
    for key in (draft.pk, draft.pk + 1000):
        response = office.get(f"{listing('Assignment')}?reports={key}", follow=True)
        answers.add(words_of(response))
    assert len(answers) == 1
    by_text = office.get(f"{listing('Assignment')}?reports__text__contains=x")
    assert by_text.status_code == 400


def test_a_year_of_the_record_and_the_filters_offered_still_limit(office, everything):
    for query in ("at__year=2026", "at__year=2026&at__month=11", "kind__exact=created"):
        assert office.get(f"{listing('Change')}?{query}").status_code == 200
    response = office.get(f"{listing('User')}?is_active__exact=0")
    assert response.status_code == 200
    assert response.context["cl"].result_count == User.objects.filter(is_active=False).count()


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("model_name", "field_name"),
    [("assignment", "reports"), ("action", "assignments"), ("action", "title"), ("x", "y")],
)
def test_choices_are_offered_for_fields_that_choose_a_row_only(
    office, everything, model_name, field_name
):
    query = {"app_label": "items", "model_name": model_name, "field_name": field_name}
    assert office.get(reverse("admin:autocomplete"), query).status_code == 403


def test_choices_for_odd_words_are_none(office, everything):
    query = {"app_label": "items", "model_name": "assignment", "field_name": "action"}
    for words in ("\0", "%00", "x" * 5000, "[", "\\"):
        response = office.get(reverse("admin:autocomplete"), {**query, "term": words})
        assert response.status_code == 200


@pytest.mark.parametrize("key", ["\x00x", "x", "-5", "9" * 40])
def test_a_row_that_somebody_made_up_is_no_choice_for_an_action(office, everything, key):
    data = {"action": "delete_selected", "_selected_action": key, "index": "0"}
    answer = office.post(reverse("admin:items_method_changelist"), data)
    assert answer.status_code == 400
    assert "這個要求的內容有誤" in words_of(answer)
