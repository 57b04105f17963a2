"""Names of departments as people write them, and the departments that they mean."""

import difflib
import re
from functools import cached_property, lru_cache

from items.exchange.spreadsheets.text import key
from items.models import EVERY_DEPARTMENT

_BETWEEN = r"[及與和暨並跟&+|.．·•‧・~\-—]*"
_LONGEST = 200


@lru_cache(maxsize=50_000)
def folded(text):
    """Width, case, spaces and 臺/台 do not tell two names or texts apart."""
    return key(text).replace("臺", "台")


class Departments:
    """Looks names up, once each; never makes a department."""

    def __init__(self, departments):
        self.all = list(departments)
        self.by_name = {department.name: department for department in self.all}
        self.by_key = {folded(department.name): department for department in self.all}
        self.every = folded(EVERY_DEPARTMENT)
        self.sentences = {}
        self.resolved = {}
        """What has been found without a complaint for the names and deadlines of a row: most rows are like another."""

    def is_every(self, names):
        return any(folded(name) == self.every for name in names)

    def find(self, name):
        """(department, None), or (None, what is wrong in words)."""
        found = self.by_name.get(name) or self.by_key.get(folded(name))
        if found:
            return found, None
        if name not in self.sentences:
            self.sentences[name] = self.unknown(name)
        return None, self.sentences[name]

    def unknown(self, name):
        if folded(name) == self.every:
            return f"主辦單位不能寫「{EVERY_DEPARTMENT}」，請逐一寫出單位名稱。"
        several = self.run_together(name)
        if several:
            return f"主辦單位「{name}」不只一個單位，請用頓號分開，寫成「{'、'.join(several)}」。"
        near = difflib.get_close_matches(
            folded(name), list(self.by_key), n=1, cutoff=0.5
        ) or self.inside(name)
        if near:
            return f"查無主辦單位「{name}」，是不是「{self.by_key[near[0]].name}」？"
        return f"查無主辦單位「{name}」；請改成系統裡的單位名稱，或先請系統管理新增這個單位。"

    def inside(self, name):
        """The longest known name within the text, as in 分公司業務處."""
        text = folded(name)
        return sorted((each for each in self.by_key if each in text), key=len)[-1:]

    def run_together(self, name):
        """The departments in 業務處及港務處 and such; none where anything else stands there, too."""
        text = folded(name)
        if (
            len(text) > _LONGEST
            or not self._any
            or not re.fullmatch(f"{self._any}(?:{_BETWEEN}{self._any})+", text)
        ):
            return []
        return [self.by_key[each].name for each in re.findall(self._any, text)]

    @cached_property
    def _any(self):
        names = "|".join(re.escape(name) for name in sorted(self.by_key, key=len, reverse=True))
        return f"(?:{names})" if names else ""
