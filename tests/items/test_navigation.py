"""The bar: at most five words, the own work first, and the word marked that the page belongs to."""

import re
from html import unescape

import pytest
from django.urls import reverse

from items.models import Membership
from items.navigation import PARENTS, page_and_parents


def bar(response):
    """[(word, address, aria-current)] of the page's bar."""
    page = response.content.decode()
    inside = re.search(r'<nav aria-label="主選單">(.*?)</nav>', page, re.S).group(1)
    links = re.findall(r'<a href="([^"]+)"(?: aria-current="(\w+)")?>([^<]+)</a>', inside)
    return [(unescape(word), address, mark) for address, mark, word in links]


BARS = {
    "mei": ("我的工作", "總覽", "計畫表", "會議"),
    "head": ("我的工作", "總覽", "計畫表", "會議"),
    "coordinator": ("審核", "總覽", "計畫表", "會議", "管理"),
    "manager": ("總覽", "計畫表", "會議", "歷程"),
    "auditor": ("總覽", "計畫表", "會議", "歷程"),
    "admin": ("管理", "總覽", "計畫表", "歷程"),
}


@pytest.mark.one_engine
@pytest.mark.parametrize("person", BARS)
def test_each_role_has_the_words_that_are_theirs(request, sign_in, q4, person):
    client = sign_in(request.getfixturevalue(person))
    words = bar(client.get(reverse("plan", args=[115])))
    assert tuple(word for word, _, _ in words) == BARS[person]
    for _, address, _ in words:
        assert client.get(address).status_code == 200


@pytest.mark.one_engine
@pytest.mark.parametrize("person", ["coordinator", "admin"])
def test_with_a_department_besides_there_are_five_words_and_no_more(
    request, sign_in, q4, administration, person
):
    user = request.getfixturevalue(person)
    Membership.objects.create(user=user, department=administration)
    words = [word for word, _, _ in bar(sign_in(user).get(reverse("plan", args=[115])))]
    assert words[0] == "我的工作"
    assert len(words) == 5


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("person", "page", "args", "word", "mark"),
    [
        ("head", "inbox", (), "我的工作", "page"),
        ("head", "todo", (), "我的工作", "true"),
        ("mei", "todo", (), "我的工作", "page"),
        ("mei", "offline", (4,), "我的工作", "true"),
        ("coordinator", "periods", (), "管理", "true"),
        ("coordinator", "batches", (), "管理", "true"),
        ("coordinator", "record", (), "管理", "true"),
        ("auditor", "record", (), "歷程", "page"),
        ("admin", "record", (), "歷程", "page"),
    ],
)
def test_the_word_is_marked_that_the_page_belongs_to(
    request, sign_in, q4, person, page, args, word, mark
):
    client = sign_in(request.getfixturevalue(person))
    marked = [one for one in bar(client.get(reverse(page, args=[115, *args]))) if one[2]]
    assert [(label, current) for label, _, current in marked] == [(word, mark)]


def test_no_page_hangs_below_itself():
    for name in PARENTS:
        names = page_and_parents(name)
        assert len(names) == len(set(names))


@pytest.mark.one_engine
def test_a_head_changes_between_both_lists_and_reads_what_waits_in_each(
    sign_in, head, mei, q4, make_action, make_report, administration
):
    waiting = make_action([administration]).assignments.get()
    make_report(waiting, q4, mei, state="with_head")
    make_action([administration])
    client = sign_in(head)
    for page in ("inbox", "todo"):
        answer = client.get(reverse(page, args=[115])).content.decode()
        assert '待我核可 <span class="hint">1 件</span>' in answer
        assert '我的填報 <span class="hint">1 件</span>' in answer


@pytest.mark.one_engine
def test_somebody_who_heads_nothing_has_no_tabs(sign_in, mei, q4):
    answer = sign_in(mei).get(reverse("todo", args=[115])).content.decode()
    assert "待我核可" not in answer
