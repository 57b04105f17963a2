"""Every page of the back office speaks this product's words, and no link of it ends in a refusal."""

import gettext
import re
from functools import cache
from html import unescape
from pathlib import Path

import django
import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import NoReverseMatch, reverse

from items.models import Department, User
from tests.items.admin.admin_pages import INLINE, MODELS, listing
from tests.items.walking import MARKUP, walk_all
from tests.making import NO_KEY

READ_ONLY = {"ProgressReport", "ReportStep", "Change", "ImportBatch"}
SAID_TO_PEOPLE = re.compile(r'\s(?:title|alt|placeholder|aria-label|value)="([^"]*)"')
CHINESE = re.compile("[\u4e00-\u9fff]")

FOREIGN = (
    "動作:",
    "個被選",
    "過濾器",
    "當前主題",
    "你",
    "欄位是必須",
    "新增其它",
    "請確認這個值",
    "請確認此數值",
    "不是一個可用的選項",
    "ManagementForm",
    "主鍵",
    "物件",
    "實體",
    "使用者",
    "用戶",
    "無效",
    "群組",
    "歷史",
    "成功",
    "確認修改",
)
"""Words of Django's and import-export's translations that an office in Taiwan would not write."""

LOOKED_AT = {
    "跳到主要內容", "登出", "新增", "搜尋", "執行", "排序", "全部", "是", "否", "從排序中移除", "切換排序",
    "儲存", "刪除？", "儲存並繼續編輯", "啟用", "停用", "密碼", "上次登入", "電子郵件", "名稱", "關閉", "時間",
    "動作", "修改", "刪除", "日期", "設定密碼", "管理", "舊密碼", "新密碼", "新密碼確認", "密碼確認", "檢視",
    "今天", "今年", "這個月", "過去 7 天", "未知", "操作者", "密碼:",
}  # fmt: skip
"""Words of Django's own that are ours as well."""


@cache
def own_words_of_django():
    """Django's sentences in Chinese that no entry of our catalogue replaces, as one expression."""
    source = settings.LOCALE_PATHS[0] / "zh_Hant" / "LC_MESSAGES" / "django.po"
    replaced = set(re.findall(r'^msgid "(.+)"$', source.read_text(), re.MULTILINE))
    expressions = []
    root = Path(django.__file__).parent
    for app in ("conf", "contrib/admin", "contrib/auth"):
        with (root / app / "locale/zh_Hant/LC_MESSAGES/django.mo").open("rb") as file:
            catalogue = gettext.GNUTranslations(file)._catalog
        for message, words in catalogue.items():
            english = message[0] if isinstance(message, tuple) else message
            if not CHINESE.search(words) or english.replace('"', '\\"') in replaced:
                continue
            gap = r"%\\\(\w+\\\)[a-z]|\\\{\w*\\\}|%[sd]"
            expressions.append(re.sub(gap, ".+", re.escape(words.strip())))
    return re.compile("|".join(f"(?:{expression})" for expression in expressions))


def lines_of(text):
    """What a person reads or hears on a page, one by one."""
    lines = [unescape(line).strip() for line in MARKUP.sub("\n", text).split("\n")]
    lines += [unescape(match) for match in SAID_TO_PEOPLE.findall(text)]
    return {line for line in lines if CHINESE.search(line)}


def check(texts):
    """No page says what Django says in words of its own; `texts` is {address: page}."""
    together = own_words_of_django()
    wrong = []
    seen = set()
    for address, text in texts.items():
        for line in lines_of(text) - seen:
            seen.add(line)
            for word in FOREIGN:
                if word in line:
                    wrong.append((address, word, line))
            # "優先排序：2" is put together with a figure.
            plain = re.sub(r"[:：]?\s*\d+$", "", line).rstrip("：:")
            is_known = plain in LOOKED_AT or plain == "優先排序"
            if together.fullmatch(line) and not is_known:
                wrong.append((address, "Django", line))
    assert wrong == []
    return seen


@pytest.mark.slow
def test_all_links_answer_and_all_pages_speak_our_words(office, everything):
    done = walk_all(office, "/admin/")
    assert done.opened.total() > 200
    assert done.wrong == []
    seen = check(done.pages)
    # The check has read what it is about.
    assert "對勾選的資料：" in seen
    assert "從排序中移除" in seen


@pytest.mark.one_engine
@pytest.mark.slow
def test_an_empty_back_office_answers_in_our_words_too(office, admin):
    done = walk_all(office, "/admin/")
    assert done.wrong == []
    assert "還沒有任何異動。" in check(done.pages)


def file_of(text, name="表.csv"):
    return SimpleUploadedFile(name, text.encode())


ROWS = {
    "memberships-TOTAL_FORMS": 2,
    "memberships-INITIAL_FORMS": 0,
    "assignments-TOTAL_FORMS": 1,
    "assignments-INITIAL_FORMS": 0,
    "periods-TOTAL_FORMS": 0,
    "periods-INITIAL_FORMS": 0,
}
WRONG = {
    "memberships-0-department": "9",
    "memberships-0-role": "x",
    "assignments-0-department": "9",
    "assignments-0-position": "x",
    "password1": "123",
    "password2": "124",
}


def wrong_everywhere(model):
    """A text that no field of the model takes, in each of them."""
    names = [field.name for field in model._meta.get_fields()]
    return dict.fromkeys(names, "x" * 300)


def answers_to_wrong_input(office, name):
    """What the pages of a model say to what nobody should send, and to what people do send."""
    model = apps.get_model("items", name)
    add = reverse(f"admin:items_{name.lower()}_add")
    yield office.post(add, ROWS)
    yield office.post(add, {**wrong_everywhere(model), **ROWS, **WRONG})
    yield office.post(add, {})
    keys = list(model.objects.values_list("pk", flat=True))
    for chosen in ({}, {"_selected_action": keys}):
        for action in ("", "delete_selected", "deactivate"):
            yield office.post(listing(name), {"action": action, **chosen}, follow=True)
    for query in ("?q=nichts", "?sinn=5", "?p=99", "?o=99"):
        yield office.get(listing(name) + query, follow=True)
    for page in ("change", "delete", "history"):
        yield office.get(reverse(f"admin:items_{name.lower()}_{page}", args=[NO_KEY]), follow=True)
    try:
        upload = reverse(f"admin:items_{name.lower()}_import")
    except NoReverseMatch:
        return
    yield office.post(upload, {})
    yield office.post(upload, {"file": file_of("")})
    yield office.post(upload, {"file": file_of("xx", "a.exe")})
    headings = "帳號,姓名,啟用,單位名稱,使用中,項次編號,單位\na b,,x,,y,z,w\n"
    yield office.post(upload, {"programme": "1", "file": file_of(headings)}, follow=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in MODELS if name not in READ_ONLY])
def test_wrong_input_is_answered_in_our_words(office, everything, name):
    texts = {}
    for number, response in enumerate(answers_to_wrong_input(office, name)):
        assert response.status_code in (200, 404), (number, response.request["PATH_INFO"])
        texts[f"{number} {response.request['PATH_INFO']}"] = response.content.decode()
    check(texts)


@pytest.mark.one_engine
def test_passwords_and_saved_rows_are_answered_in_our_words(office, everything, mei):
    address = reverse("admin:auth_user_password_change", args=[mei.pk])
    tries = [("", ""), ("a", "b"), ("mei", "mei"), ("1234", "1234"), ("password", "password")]
    tries.append(("korrekt horse 115", "korrekt horse 115"))
    responses = []
    for first, second in tries:
        data = {"password1": first, "password2": second}
        responses.append(office.post(address, data, follow=True))
    own = {"old_password": "x", "new_password1": "1", "new_password2": "2"}
    responses.append(office.post(reverse("password_change"), own))
    empty = Department.objects.create(name="空處")
    delete = reverse("admin:items_department_delete", args=[empty.pk])
    responses.append(office.get(delete))
    responses.append(office.post(delete, {"post": "yes"}, follow=True))
    row = {"position": 1, "is_active": "on", **INLINE}
    add = reverse("admin:items_department_add")
    for number, button in enumerate(["_save", "_addanother", "_continue"]):
        data = {"name": f"第{number}處", **row, button: "1"}
        responses.append(office.post(add, data, follow=True))
    responses.append(office.post(add, {"name": "行政處", **row}, follow=True))
    responses.append(office.get("/admin/nope/"))
    seen = check({str(number): one.content.decode() for number, one in enumerate(responses)})
    assert "兩次輸入的密碼不一樣，請重新輸入。" in seen
    assert "已設定密碼。" in seen
    assert User.objects.get(pk=mei.pk).check_password("korrekt horse 115")


@pytest.mark.one_engine
def test_a_choice_that_is_no_key_chooses_nothing(office, everything):
    """Django's list with a search fails on it."""
    data = {"method": "x" * 300, "position": "1", "title": ""}
    response = office.post(reverse("admin:items_plan_add"), data)
    assert response.status_code == 200
    assert "這個選項已經不能選" in response.content.decode()
