"""The tags and filters of every page: what people wrote is shown as text, days are those of the republic."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.template import Context, Template

from items.lights import Light

MARKUP = "<b onclick=x>&'\"</b>"


def shown(template, **context):
    return Template("{% load look %}" + template).render(Context(context))


@pytest.mark.parametrize("key", Light.values)
def test_a_light_says_its_word_beside_colour_and_shape(key):
    html = shown("{% light_word key %}", key=key)
    assert f'class="light {key}"' in html
    assert Light(key).label in html


def test_a_light_gives_its_reason_and_may_be_given_another():
    row = SimpleNamespace(light="over", light_reason="逾期 12 天")
    assert "逾期 12 天" in shown("{% light row %}", row=row)
    assert "逾期 12 天" not in shown("{% light row '' %}", row=row)


@pytest.mark.parametrize(
    "template", ["{% light row %}", "{% state_badge text text %}", "{{ text|paragraphs }}"]
)
def test_markup_in_the_data_is_shown_as_text(template):
    html = shown(template, text=MARKUP, row=SimpleNamespace(light="over", light_reason=MARKUP))
    assert "<b" not in html
    assert "&lt;b onclick=x&gt;" in html


@pytest.mark.parametrize(
    ("actual", "planned", "words"),
    [
        (60, 89, "實際 60%，預定 89%"),
        (None, None, "實際 0%，預定 0%"),
        (140, -3, "實際 100%，預定 0%"),
    ],
)
def test_a_bar_says_its_numbers_and_stays_inside_its_frame(actual, planned, words):
    html = shown("{% bar actual planned %}", actual=actual, planned=planned)
    assert f'aria-label="{words}"' in html
    assert "style=" not in html  # the policy would drop it


def test_days_are_of_the_republic_and_moments_of_taipei():
    evening = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)  # half past midnight in Taipei
    html = shown(
        "{{ day|roc }} {{ day|roc_md:day }}{{ day|roc_weekday }} "
        "{{ moment|roc_time }} {{ moment|roc }}",
        day=date(2026, 11, 22),
        moment=evening,
    )
    assert html == "115年11月22日 11月22日（日） 115年11月22日 00:30 115年11月22日"


def test_a_day_of_another_year_says_its_year():
    days = {"day": date(2027, 1, 7), "today": date(2026, 11, 22)}
    assert shown("{{ day|roc_md:today }} {{ day|roc_md:day }}", **days) == "116年1月7日 1月7日"


def test_no_day_is_an_empty_place():
    assert (
        shown(
            "{{ day|roc }}{{ day|roc_md:today }}{{ day|roc_weekday }}{{ day|roc_time }}",
            day=None,
            today=date(2026, 11, 22),
        )
        == ""
    )


def test_paragraphs_keep_the_lines_that_people_made():
    html = shown("{{ text|paragraphs }}", text="第一行\r\n第二行\r\n\r\n第二段")
    assert html == "<p>第一行<br>第二行</p><p>第二段</p>"


PIECES = [("same", "共"), ("del", "1"), ("ins", "<2>"), ("same", "\n件")]


@pytest.mark.parametrize(
    ("template", "html"),
    [
        ("{% marked pieces %}", "共<del>1</del><ins>&lt;2&gt;</ins><br>件"),
        ("{% marked pieces without='ins' %}", "共<del>1</del><br>件"),
        ("{% marked pieces without='del' %}", "共<ins>&lt;2&gt;</ins><br>件"),
    ],
)
def test_what_is_new_and_what_is_gone_is_marked(template, html):
    assert shown(template, pieces=PIECES) == html


@pytest.mark.parametrize(("percent", "words"), [(75, "75%"), (0, "0%"), (None, "未填")])
def test_a_percent_that_was_not_written_is_said_in_words(percent, words):
    assert shown("{{ percent|percent_or:'未填' }}", percent=percent) == words


@pytest.mark.parametrize(
    ("written", "words"), [("115年12月", "115年12月31日"), ("115年12月31日", "")]
)
def test_the_day_of_a_deadline_is_said_where_its_words_do_not(written, words):
    assignment = SimpleNamespace(deadline=date(2026, 12, 31), deadline_text=written)
    assert shown("{{ assignment|deadline_day }}", assignment=assignment) == words
