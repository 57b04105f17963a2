"""The page of an import's preview: counts first, then what needs eyes."""

from items.exchange.plan_import.preview_content import SHOWN, PreviewContent
from items.exchange.preview_figure import PreviewFigure
from items.models import Upload

MOST_ERRORS_WITHOUT_SUMMARY = 10


class PlanPreviewPage:
    """The content of a preview with its words; most of them depend on the counts."""

    shown = SHOWN

    def __init__(
        self, upload: Upload, content: PreviewContent, *, year: int, is_one_of_several: bool
    ) -> None:
        self.upload = upload
        self.content = content
        self.year = year
        self.is_stale = content.digest != upload.seen
        # A text file has one sheet, which is called as the file is: that is not said twice.
        self.shows_sheet = upload.sheet != upload.file_name
        self.offers_other_sheet = self.shows_sheet and is_one_of_several

    @property
    def heading(self) -> str:
        """What the preview means, in a sentence."""
        new, changed = self.content.counts["new"], self.content.counts["changed"]
        if self.content.number_of_errors:
            return f"有 {self.content.number_of_errors:,} 個錯誤，還不能匯入"
        if not self.content.does_something:
            return "不需要匯入，沒有要改的"
        if new and changed:
            return f"要新增 {new:,} 項、修改 {changed:,} 項"
        if new:
            return f"要新增 {new:,} 項"
        if changed:
            return f"要修改 {changed:,} 項"
        return "要調整順序"

    @property
    def source(self) -> str:
        """The file and the sheet that was read."""
        if self.shows_sheet:
            return f"{self.upload.file_name}，工作表「{self.content.sheet}」"
        return self.upload.file_name

    @property
    def rows_words(self) -> str:
        return f"，讀到 {self.content.rows_read:,} 列。"

    @property
    def figures(self) -> list[PreviewFigure]:
        # A row that is only changed by a strategy's new text is listed under that text alone.
        changed_list = "renamed"
        if self.content.changed:
            changed_list = "changed"
        return [
            PreviewFigure(self.content.counts["error"], "有錯誤的列", "errors", is_wrong=True),
            PreviewFigure(self.content.counts["changed"], "修改", changed_list),
            PreviewFigure(self.content.counts["new"], "新增", "new"),
            PreviewFigure(self.content.counts["unchanged"], "相同", "unchanged"),
            PreviewFigure(self.content.counts["ignored"], "略過", "ignored"),
            PreviewFigure(self.content.counts["missing"], "檔案沒有", "missing"),
        ]

    @property
    def has_many_errors(self) -> bool:
        """So many that it helps to know first in which columns they are."""
        return self.content.number_of_errors > MOST_ERRORS_WITHOUT_SUMMARY

    @property
    def errors_by_column(self) -> str:
        """「完成期限 300 個、主辦單位 1 個。」, the column with the most errors first."""
        parts = [f"{column} {number:,} 個" for column, number in self.content.error_columns]
        return "、".join(parts) + "。"

    @property
    def other_codes_words(self) -> str:
        """What the codes of another year are taken for, or may be."""
        if self.upload.other_codes_are_new:
            return (
                "其他年度的編號已當作新項目：文字相同的對應現有的項目，"
                f"其餘由系統給 {self.year} 年度的新編號。"
            )
        return (
            f"有 {self.content.other_codes:,} 列的編號是其他年度的。"
            "如果這是用去年的表編的新年度計畫，可以不管這些編號。"
        )

    @property
    def unknown_departments_words(self) -> str:
        number = self.content.number_of_unknown_departments
        return f"檔案裡有 {number:,} 個系統沒有的單位，勾選要建立的"

    @property
    def changed_words(self) -> str:
        """Beside the number of changed items: how many of them change by a part above alone."""
        if not self.content.only_renamed:
            return ""
        return f"其中 {self.content.only_renamed:,} 項只隨上面的改寫而變"

    @property
    def ignored_words(self) -> str:
        words = f"略過的 {self.content.counts['ignored']:,} 列"
        if self.content.ignored_columns:
            words += f"與 {len(self.content.ignored_columns)} 欄"
        return words

    @property
    def written_words(self) -> str:
        """「新增 3 項。修改 2 項。匯入後可以整批復原。」: the figures once more, beside the button."""
        sentences = []
        for verb, number in (
            ("新增", self.content.counts["new"]),
            ("修改", self.content.counts["changed"]),
        ):
            if number:
                sentences.append(f"{verb} {number:,} 項。")
        return "".join(sentences) + "匯入後可以整批復原。"

    @property
    def nothing_to_do_words(self) -> str:
        missing = self.content.counts["missing"]
        if missing:
            rest = f"計畫裡其他的 {missing:,} 項不受影響。"
            return f"檔案裡的每一列都與計畫相同，不需要匯入；{rest}"
        return "檔案與計畫完全相同，不需要匯入。"
