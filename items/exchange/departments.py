"""Names of departments as people write them, and the departments that they mean."""

import difflib
import re
from collections.abc import Iterable
from functools import cached_property, lru_cache

from items.characters import fold_name
from items.models import EVERY_DEPARTMENT, Department
from items.models.department_names import is_not_handed_out

_BETWEEN = r"[及與和暨並跟&+|.．·•‧・~\-—]*"
# A longer text is no list of names; the expression would be tried at each of its characters.
_LONGEST = 200


# An import folds each title of the plan and of the file several times.
@lru_cache(maxsize=50_000)
def folded(text: str) -> str:
    """Width, case, spaces and 臺/台 do not tell two names or texts apart."""
    return fold_name(text)


class Departments:
    """Looks up the departments that names mean; never makes a department."""

    def __init__(self, departments: Iterable[Department]) -> None:
        self.all = list(departments)
        self.by_name = {department.name: department for department in self.all}
        self.by_key = {folded(department.name): department for department in self.all}
        self._folded_every = folded(EVERY_DEPARTMENT)
        # By name and heading: to look for a similar name is slow, and a wrong name often stands in
        # hundreds of rows.
        self._sentences: dict[tuple[str, str], str] = {}

    def is_every(self, names: Iterable[str]) -> bool:
        """Whether one of the names is 各單位."""
        return any(folded(name) == self._folded_every for name in names)

    def find(self, name: str) -> Department | None:
        """The department of a name, None if there is none."""
        return self.by_name.get(name) or self.by_key.get(folded(name))

    def why_unknown(self, name: str, heading: str) -> str:
        """What is wrong with a name that `find` does not know; `heading` is that of its column."""
        if (name, heading) not in self._sentences:
            self._sentences[name, heading] = self._why_unknown(name, heading)
        return self._sentences[name, heading]

    def _why_unknown(self, name: str, heading: str) -> str:
        if folded(name) == self._folded_every:
            return f"{heading}不能寫「{EVERY_DEPARTMENT}」，請逐一寫出單位名稱。"
        if is_not_handed_out(name):
            return (
                f"{heading}裡的「{name}」是還沒有主辦單位的意思，只能單獨寫在主辦單位；"
                "請改成單位名稱，或刪掉這幾個字。"
            )
        several = self._run_together(name)
        if several:
            names = "、".join(several)
            return f"{heading}「{name}」不只一個單位，請用頓號分開，寫成「{names}」。"
        similar = self._similar(name)
        if similar:
            return f"查無{heading}「{name}」，是不是「{similar.name}」？"
        return f"查無{heading}「{name}」；請改成系統裡的單位名稱，或先在「管理」的「單位」新增。"

    def most_similar(self, name: str) -> Department | None:
        """The department that an unknown name may mean, None where it resembles no other."""
        return self._similar(name)

    def is_of_one(self, name: str) -> bool:
        """Whether an unknown name may be that of one department: not 各單位, nor several names."""
        if folded(name) == self._folded_every or is_not_handed_out(name):
            return False
        return not self._run_together(name)

    def _similar(self, name: str) -> Department | None:
        """The department that was probably meant: misspelt, or within the text (分公司業務處)."""
        text = folded(name)
        close = difflib.get_close_matches(text, list(self.by_key), n=1, cutoff=0.5)
        if close:
            return self.by_key[close[0]]
        names_within = [known for known in self.by_key if known in text]
        if names_within:
            # Where several are equally long, the last one in the order of the departments.
            longest = sorted(names_within, key=len)[-1]
            return self.by_key[longest]
        return None

    def _run_together(self, name: str) -> list[str]:
        """The departments in 業務處及港務處; none where anything else stands there, too."""
        text = folded(name)
        if len(text) > _LONGEST or not self._any_name:
            return []
        several_names = f"{self._any_name}(?:{_BETWEEN}{self._any_name})+"
        if not re.fullmatch(several_names, text):
            return []
        keys = re.findall(self._any_name, text)
        return [self.by_key[key].name for key in keys]

    @cached_property
    def _any_name(self) -> str:
        """An expression for every known name, longer ones first; empty if there are none."""
        if not self.by_key:
            return ""
        longest_first = sorted(self.by_key, key=len, reverse=True)
        names = "|".join(re.escape(name) for name in longest_first)
        return f"(?:{names})"
