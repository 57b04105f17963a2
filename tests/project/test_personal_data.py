"""docs/personal-data.md names whatever says something about a person."""

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model

from items.workflow.forgetting import GOING

PAGE = (settings.BASE_DIR / "docs" / "personal-data.md").read_text("utf-8")


def test_every_model_that_points_to_a_person_is_named():
    person = get_user_model()
    unnamed = []
    for model in apps.get_app_config("items").get_models():
        points = any(field.related_model is person for field in model._meta.concrete_fields)
        if points and f"`{model.__name__}" not in PAGE:
            unnamed.append(model.__name__)
    assert unnamed == []


def test_what_goes_with_the_name_is_said():
    what_it_does = PAGE.partition("**What it does.**")[2].partition("**What stays")[0]
    assert len(GOING) == 13, "say in the page what goes, and change the number here"
    for words in (
        "單一登入",
        "密碼金鑰",
        "通知",
        "催辦郵件",
        "郵件意願",
        "行事曆網址",
        "memberships",
    ):
        assert words in what_it_does
