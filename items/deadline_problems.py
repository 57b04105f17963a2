"""Why a deadline cannot be read, and what to do about it."""

from enum import Enum, auto


class Remedy(Enum):
    """What to do about a deadline that cannot be read."""

    WRITE_A_DATE = auto()
    WRITE_A_DATE_OR_OPEN_WORDS = auto()
    FORMAT_AS_DATE = auto()
    CORRECT = auto()


class UnreadableDeadline(Exception):
    """Why a text is no deadline, before it is known whose programme it is for."""

    def __init__(self, problem: str, remedy: Remedy = Remedy.WRITE_A_DATE) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


class DeadlineError(ValueError):
    """A deadline that cannot be read without guessing.

    `problem` says why, in Chinese and without a subject: 「115.1」看不出是哪一天. The examples in
    the remedy are of the programme's 民國 year.
    """

    def __init__(self, problem: str, remedy: Remedy, programme_year: int) -> None:
        self.problem = problem
        self.remedy = remedy
        self.programme_year = programme_year
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The sentence about a 完成期限, remedy included."""
        words = _remedy_words(self.remedy, self.programme_year)
        return f"完成期限{self.problem}，{words}。"

    @property
    def message_about_a_day(self) -> str:
        """The same sentence where open-ended words are no remedy, and nothing is a 完成期限."""
        remedy = self.remedy
        if remedy is Remedy.WRITE_A_DATE_OR_OPEN_WORDS:
            remedy = Remedy.WRITE_A_DATE
        return f"{self.problem}，{_remedy_words(remedy, self.programme_year)}。"


def _remedy_words(remedy: Remedy, programme_year: int) -> str:
    example = f"寫成「{programme_year}年12月」或「{programme_year}年12月31日」"
    if remedy is Remedy.WRITE_A_DATE:
        return f"請{example}"
    if remedy is Remedy.WRITE_A_DATE_OR_OPEN_WORDS:
        return f"請{example}，或「每季」、「持續辦理」"
    if remedy is Remedy.FORMAT_AS_DATE:
        return f"請將儲存格設為日期格式，或改{example}"
    return "請更正"
