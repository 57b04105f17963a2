"""匯入: what the preview shows and asks before anything is written."""

import csv
import os
import random

import pytest

from items.models import Action, Change, Department, ImportBatch
from tests.items.exchange.official_rows import HEADINGS, as_csv, exported, look, row, rows_of
from tests.items.views.importing import confirm, heading, preview, words

pytestmark = pytest.mark.django_db

HAN = [chr(code) for code in range(0x4E00, 0x5A00)]


@pytest.mark.one_engine
def test_the_changed_characters_are_marked_on_both_sides(plan, office):
    rows = rows_of(plan)
    rows[4][4] = rows[4][4].replace("植栽", "<b>花木</b>")
    _, shown = preview(office, rows)
    body = shown.content.decode()
    assert "<del>植栽</del>" in body
    assert "<ins>&lt;b&gt;花木&lt;/b&gt;</ins>" in body


@pytest.mark.one_engine
def test_errors_are_all_listed_and_there_is_nothing_to_confirm(plan, office):
    url, shown = preview(
        office, [HEADINGS, row(主辦單位="業務處室"), row("二", 完成期限="115年13月")]
    )
    assert "請先改好 2 個錯誤" in words(shown)
    assert "是不是「業務處」？" in words(shown)
    assert "確認匯入" not in words(shown)
    confirm(office, url)
    assert (Action.objects.count(), ImportBatch.objects.count()) == (33, 0)


@pytest.mark.one_engine
@pytest.mark.parametrize("format", ["xlsx", "ods", "csv"])
@pytest.mark.parametrize("what", ["errors", "rows"])
def test_errors_and_rows_can_be_downloaded(plan, office, what, format):
    url, _ = preview(office, [HEADINGS, row(主辦單位="業務處室"), row("=1+1")])
    response = office.get(f"{url}{what}.{format}")
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    if format == "csv":
        assert ("業務處室" if what == "errors" else "'=1+1") in response.content.decode("utf-8-sig")


def test_the_same_table_has_nothing_to_confirm(plan, office):
    _, shown = preview(office, exported(plan, "xlsx"), "計畫.xlsx")
    assert "檔案與計畫完全相同，不需要匯入。" in words(shown)
    assert "確認匯入" not in words(shown)


@pytest.mark.one_engine
def test_a_part_of_the_table_is_not_said_to_be_all_of_it(plan, office):
    _, shown = preview(office, rows_of(plan)[:5])
    assert "檔案裡的每一列都與計畫相同，不需要匯入；計畫裡其他的 29 項不受影響。" in words(shown)


@pytest.mark.one_engine
def test_the_preview_opens_with_what_it_means(plan, office):
    rows = rows_of(plan)
    assert "不需要匯入，沒有要改的" in heading(preview(office, rows)[1])
    rows[1][4] = "改寫的作法"
    assert "要修改 1 項" in heading(preview(office, rows)[1])
    rows.append(["", *row("新的作法")])
    assert "要新增 1 項、修改 1 項" in heading(preview(office, rows)[1])
    rows[3][5] = "115年13月"
    _, shown = preview(office, rows)
    assert "有 1 個錯誤，還不能匯入" in heading(shown)
    assert "上傳改好的檔案" in words(shown)


@pytest.mark.one_engine
def test_the_list_of_rows_does_not_take_a_cell_that_cannot_be_read_for_a_blank_one(plan, office):
    rows = rows_of(plan)
    rows[1][5] = "115年13月"
    url, _ = preview(office, rows)
    lines = office.get(f"{url}rows.csv").content.decode("utf-8-sig").splitlines()
    (wrong,) = [cells for cells in csv.reader(lines) if "錯誤" in cells]
    assert wrong[-3:] == ["", "", ""]


@pytest.mark.slow
@pytest.mark.one_engine
def test_the_preview_stays_light_however_long_the_texts_are(plan, office):
    rows = rows_of(plan)
    for number, cells in enumerate(rows[1:]):
        cells[7] = f"{number}" + "長" * 30_000
    rows += [["", *row("新" * 30_000, 執行計畫=f"計畫 {number}")] for number in range(30)]
    _, shown = preview(office, rows)
    assert len(shown.content) < 1_500_000
    assert "全部請看" in words(shown)


@pytest.mark.one_engine
def test_queries_of_the_preview_do_not_grow(plan, office, django_assert_max_num_queries):
    def count(number):
        rows = [
            HEADINGS,
            *(row(f"第 {each} 項", 執行計畫=f"計畫 {each}") for each in range(number)),
        ]
        url, _ = preview(office, rows)
        with django_assert_max_num_queries(40) as captured:
            office.get(url)
        return len(captured)

    assert count(1) == count(31)


@pytest.mark.one_engine
def test_the_preview_leaves_no_history(plan, office):
    preview(office, [HEADINGS, row()])
    assert not Change.objects.exists()


@pytest.mark.one_engine
def test_new_items_stand_once_under_their_strategy_with_their_number(plan, office):
    strategies = ["7. 甲策略", "8. 乙策略"]
    rows = [
        row(f"第 {each} 項", 實施策略=strategies[each % 2], 執行計畫=f"計畫 {each}")
        for each in range(300)
    ]
    _, shown = preview(office, [HEADINGS, *rows])
    assert words(shown).count("甲策略 150 項，列出前 50 項") == 1
    assert words(shown).count("乙策略") == 1
    assert "全部請看比對清單" in words(shown)


@pytest.mark.one_engine
def test_many_errors_are_summed_up_by_column(plan, office):
    rows = [
        row(f"第 {each} 項", 完成期限="115年13月", 執行計畫=f"計畫 {each}") for each in range(300)
    ]
    rows[0] = row("第 0 項", 完成期限="115年13月", 主辦單位="查無此單位")
    _, shown = preview(office, [HEADINGS, *rows])
    assert "請先改好 301 個錯誤" in words(shown)
    assert "完成期限 300 個、主辦單位 1 個。" in words(shown)
    assert "300有錯誤的列" in words(shown)


@pytest.mark.one_engine
def test_the_preview_shows_days_whole_and_of_departments_only_those_that_come_or_go(plan, office):
    rows = rows_of(plan)
    rows[2][5:7] = ["115年11月30日", "港務處\n業務處\n資訊室\n行政處"]
    url, shown = preview(office, rows)
    shown = shown.content.decode()
    assert "<del>115年12月</del>" in shown
    assert "<ins>115年11月30日</ins>" in shown
    assert "<ins>行政處</ins>" in shown
    assert "<del>港務處" not in shown
    assert "<del>港務處" not in confirm(office, url).content.decode()


def processor_seconds():
    """Of this process and of those that have read a file for it: others on the machine do not count."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


@pytest.mark.one_engine
@pytest.mark.slow
def test_a_page_of_rewritten_texts_is_there_in_seconds(plan, office):
    """Two long texts with little in common take a second to hold side by side; a page may have a hundred of them."""
    chance = random.Random(115)

    def rows():
        texts = ["".join(chance.choices(HAN, k=900)) for _ in range(100)]
        return [
            HEADINGS,
            *(
                row(f"第 {n} 項", 執行計畫=f"計畫 {n}", 預期效益=text)
                for n, text in enumerate(texts)
            ),
        ]

    confirm(office, preview(office, rows())[0])
    before = processor_seconds()
    url, shown = preview(office, rows())
    assert "修改 100 項" in words(shown)
    confirm(office, url)
    assert processor_seconds() - before < 20


@pytest.mark.one_engine
def test_a_new_item_shows_all_its_cells_and_where_it_falls(plan, office):
    new = row("新的一項", 執行計畫="新的計畫", 主辦單位="行政處、資訊室", 預期效益="")
    below = row("又一項", 實施策略="", 推動方法="", 執行計畫="", 完成期限="持續辦理")
    _, shown = preview(office, [HEADINGS, new, below])
    said = words(shown)
    for heading_and_text in (
        "推動方法建立標準作業流程",
        "執行計畫新的計畫",
        "完成期限115年12月",
        "主辦單位行政處資訊室",
        "預期效益（空白）",
        "完成期限持續辦理",
    ):
        assert heading_and_text in said
    assert said.count("執行計畫新的計畫") == 2


@pytest.mark.one_engine
def test_equal_errors_and_warnings_are_said_once_with_their_rows(plan, office):
    wrong = [row(f"第 {n} 項", 主辦單位="航管組", 執行計畫=f"計畫 {n}") for n in range(12)]
    _, shown = preview(office, [HEADINGS, *wrong])
    said = words(shown)
    assert "請先改好 12 個錯誤" in said
    assert said.count("查無主辦單位「航管組」") == 1
    assert "第 2、3、4、5、6、7、8、9、10、11…等 12 列" in said

    late = [row(f"第 {n} 項", 完成期限="117年1月", 執行計畫=f"計畫 {n}") for n in range(3)]
    _, shown = preview(office, [HEADINGS, *late])
    said = words(shown)
    assert said.count("完成期限「117年1月」不在115年度內") == 1
    assert "第 2、3、4 列：" in said
    # The list to download keeps each row.
    assert len(look([HEADINGS, *late], plan).warnings) == 3


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("deadlines", "name", "said"),
    [
        (["116年6月", "116年12月", "115年12月"], "計畫.csv", "2 列的期限都在 116 年"),
        (["115年6月", "115年12月", "115年12月"], "114年版.csv", "名稱是「114年版.csv」"),
        (["116年1月", "115年12月", "115年12月"], "計畫.csv", ""),
        (["持續辦理", "116年1月", "115年12月"], "115年度.csv", ""),
    ],
)
def test_a_file_of_another_year_is_said_above_everything(plan, office, deadlines, name, said):
    rows = [
        row(f"第 {n} 項", 完成期限=deadline, 執行計畫=f"計畫 {n}")
        for n, deadline in enumerate(deadlines)
    ]
    _, shown = preview(office, [HEADINGS, *rows], name)
    page = words(shown)
    assert ("是不是選錯年度？" in page) == bool(said)
    assert said in page
    if said:
        assert page.index("是不是選錯年度？") < page.index("有錯誤的列")


@pytest.mark.one_engine
def test_a_file_that_big5_has_eaten_says_so_above_everything(plan, office):
    Action.objects.filter(code="115-03").update(title="設置𠮷安休憩區")
    content = as_csv(rows_of(plan)).decode().replace("𠮷", "?").encode("cp950")
    _, shown = preview(office, content)
    page = words(shown)
    assert page.index("有些字 Big5 存不下，已經變成「?」（第 4 列）") < page.index("有錯誤的列")


def test_codes_of_another_year_become_new_items_on_one_click(plan, office):
    rows = rows_of(plan)
    for cells in rows[1:]:
        cells[0] = cells[0].replace("115-", "114-")
    rows[1][4] = "這一項的文字是新的。"
    url, shown = preview(office, rows)
    assert "把 33 個編號當作新項目" in words(shown)
    again = office.post(f"{url}codes/", {"codes": "new"}, follow=True)
    assert "計畫在上傳之後有異動" not in words(again)
    assert "改回，編號要對應現有項目" in words(again)
    assert "其餘由系統給 115 年度的新編號。" in words(again)
    assert "新增 1 項。匯入後可以整批復原。" in words(again)
    assert "32相同" in words(again)
    assert "1新增" in words(again)
    confirm(office, url)
    assert Action.objects.for_programme(plan).filter(title="這一項的文字是新的。").exists()
    assert Action.objects.for_programme(plan).count() == 34


@pytest.mark.one_engine
def test_equal_faults_of_codes_are_one_message_for_each_kind(plan, office):
    codes = ["114-01", "114-02", "114-03", "115-98", "115-99", "115-01"]
    rows = [[code, *row(f"第 {number} 項")] for number, code in enumerate(codes)]
    _, shown = preview(office, [["項次編號", *HEADINGS], *rows])
    page = words(shown)
    assert page.count("項次編號是 114 年度的編號") == 1
    assert page.count("項次編號不在 115 年度的計畫裡") == 1
    assert "第 2、3、4 列" in page
    assert "第 5、6 列" in page
    assert "把 3 個編號當作新項目" in page


@pytest.mark.one_engine
def test_codes_of_another_year_can_be_taken_as_codes_again(plan, office):
    url, _ = preview(office, [["項次編號", *HEADINGS], ["114-01", *row()]])
    office.post(f"{url}codes/", {"codes": "new"})
    again = office.post(f"{url}codes/", {"codes": "keep"}, follow=True)
    assert "114 年度的編號" in words(again)
    assert "把 1 個編號當作新項目" in words(again)


@pytest.mark.parametrize("person", ["admin", "coordinator"])
def test_whoever_imports_makes_the_departments_that_the_file_names(plan, sign_in, request, person):
    user = request.getfixturevalue(person)
    client = sign_in(user)
    table = [HEADINGS, row(主辦單位="稽核小組、行政虙")]
    url, shown = preview(client, table)
    page = shown.content.decode()
    assert 'value="稽核小組" checked>' in page
    assert 'value="行政虙">' in page
    assert "是不是「行政處」？" in page
    again = client.post(f"{url}departments/", {"department": ["稽核小組", "別的單位"]}, follow=True)
    assert "已建立 1 個單位：稽核小組。" in words(again)
    assert "查無主辦單位「稽核小組」" not in words(again)
    assert not Department.objects.filter(name="別的單位").exists()
    made = Department.objects.get(name="稽核小組")
    assert made.position > 0
    assert Change.objects.filter(by=user, model="department", object_id=made.pk).exists()


@pytest.mark.one_engine
def test_nothing_is_made_of_no_tick_and_by_nobody_else(plan, sign_in, admin, manager):
    table = [HEADINGS, row(主辦單位="稽核小組")]
    client = sign_in(admin)
    url, _ = preview(client, table)
    assert "沒有勾選" in words(client.post(f"{url}departments/", follow=True))
    assert (
        sign_in(manager).post(f"{url}departments/", {"department": ["稽核小組"]}).status_code == 403
    )
    assert not Department.objects.filter(name="稽核小組").exists()
