"""The product's own table of a period's reports, which has our headings but is no plan."""

from items.exchange.columns import PROGRESS_FILE, REPORTED
from items.exchange.plan_table.headings import Heading
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.text import key
from items.exchange.spreadsheets.workbook import Sheet


def refuse_progress_table(sheet: Sheet, heading: Heading) -> None:
    """Refuse a file that has the columns of the reports, all of them, beside those of the plan.

    It has one row for each department, so that 各單位 and 協辦單位 cannot be told from it: read as a
    plan, it would hand items to other departments.
    """
    keys = heading.keys.values()
    for column in (*REPORTED, *PROGRESS_FILE):
        # 實際進度（%）: the heading goes on with the unit.
        if not any(written.startswith(key(column)) for written in keys):
            return
    raise Refused(
        f"工作表「{sheet.name}」是辦理情形的進度檔（一個單位一列，還有{'、'.join(REPORTED)}），"
        "不是計畫表，沒有讀取；要修改計畫，請在「計畫表」下載核定計畫表，改好後上傳那個檔案，"
        "要填進度，請由單位在「我的填報」填寫或上傳離線填報表。"
    )
