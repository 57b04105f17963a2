"""完成期限 as a form takes it: the words of the approved document, and the day that they mean."""

from dataclasses import dataclass
from datetime import date

from items.deadline_problems import DeadlineError
from items.roc import format_roc
from items.roc_deadline import parse_deadline, with_year_of_page


@dataclass(frozen=True)
class WrittenDeadline:
    """The words to keep, and the day that counts: None where the form has to ask again.

    `words_problem` is a sentence about the words, `day_problem` one about the day beside them.
    """

    words: str
    day: date | None
    words_problem: str = ""
    day_problem: str = ""


def read_deadline(
    words: str, day: date | None, *, programme_year: int, ends_on: date
) -> WrittenDeadline:
    """Words such as 115年12月 say their day; others, such as 驗收後, need a day beside them.

    Words such as 持續辦理 mean `ends_on`, the programme's last day, as in an import; 12/10 is of
    the year that the page is about.
    """
    words = with_year_of_page(words, programme_year)
    try:
        day_of_words = parse_deadline(words, programme_year, ends_on).date
    except DeadlineError as error:
        if day is None:
            return WrittenDeadline(words, None, words_problem=error.message)
        return WrittenDeadline(words, day)
    if day is None or day == day_of_words:
        return WrittenDeadline(words, day_of_words)
    disagreement = (
        f"期限寫法「{words}」是 {format_roc(day_of_words)}，完成期限卻是 {format_roc(day)}；"
        "請改成一致，或把完成期限留白，照期限寫法推算。"
    )
    return WrittenDeadline(words, day, day_problem=disagreement)
