"""The page of an import's preview: counts first, then what needs eyes."""

from items.exchange.plan_import.preview_content import SHOWN, PreviewContent
from items.exchange.preview_figure import PreviewFigure
from items.models import Upload

MOST_ERRORS_WITHOUT_SUMMARY = 10


class PlanPreviewPage:
    """The content of a preview with its words; most of them depend on the counts."""

    shown = SHOWN

    def __init__(self, upload: Upload, content: PreviewContent, *, is_one_of_several: bool) -> None:
        self.upload = upload
        self.content = content
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
    def ignored_words(self) -> str:
        words = f"略過的 {self.content.counts['ignored']:,} 列"
        if self.content.ignored_columns:
            words += f"與 {len(self.content.ignored_columns)} 欄"
        return words

    @property
    def what_is_written(self) -> list[tuple[str, int]]:
        """(verb, number of items): the figures once more, beside the button."""
        verbs = [("新增", self.content.counts["new"]), ("修改", self.content.counts["changed"])]
        return [(verb, number) for verb, number in verbs if number]

    @property
    def nothing_to_do_words(self) -> str:
        missing = self.content.counts["missing"]
        if missing:
            rest = f"計畫裡其他的 {missing:,} 項不受影響。"
            return f"檔案裡的每一列都與計畫相同，不需要匯入；{rest}"
        return "檔案與計畫完全相同，不需要匯入。"
