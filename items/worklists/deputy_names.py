"""Who is there for whom on a day: the names that words such as 「待陳志明核可」 are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db.models import DateField

from items.models import READ_ONLY, Deputy
from items.models.prepared import Prepared, Slot

_STANDING_IN = Prepared(
    lambda: (
        Deputy.objects.in_force(Slot("today", DateField()))
        .filter(deputy__is_active=True)
        # A deputy who may only read can act for nobody.
        .exclude(deputy__role__in=READ_ONLY)
        .select_related("deputy")
        .order_by("pk")
    )
)


@dataclass(frozen=True)
class DeputyNames:
    """{key of somebody who is away: the name of the one who stands in}, of one day."""

    names: Mapping[int, str]

    @classmethod
    def of(cls, today: date) -> Self:
        """One query; few rows, since few people are away on a day."""
        names = {}
        for row in _STANDING_IN(today=today):
            names[row.person_id] = str(row.deputy)
        return cls(names)

    def words_for(self, key: int, name: str) -> str:
        """「陳志明（蔡淑芬代理）」, the name alone where nobody stands in."""
        deputy = self.names.get(key)
        if deputy is None:
            return name
        return f"{name}（{deputy}代理）"
