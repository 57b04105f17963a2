"""A chain of hashes over 異動紀錄, steps and other records: it shows what was altered past the
application.

The rows that one verb writes into one table are a block, with a digest over them. The blocks of each
year, and those of the office as a whole, are a chain: the link of a block covers the link before it.

A row is written as JSON, a list of its fields of `IN_CHAIN` in that order (times in UTC with
microseconds, keys of JSON fields sorted, no blanks, UTF-8) and a line break; the digest of a block
is the SHA-256 of its rows by key. A link is the SHA-256 of the link before, number, key, table,
number of rows and digest of the block, each followed by a line break. None of this may ever change:
all links written before would be wrong.

The block is written with its rows, in their transaction. It gets its number and link right after
the commit, in a short transaction of its own (`link_pending`): to take a number within the first
one would make everybody of a year wait for an import, and two who write several rows could wait for
each other for ever. What a crash leaves without a link gets it with the next row.
"""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, ClassVar, NoReturn

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection, models, transaction

from items.models.history_home import HistoryHome
from items.models.prepared import Prepared, Slot
from items.models.prepared_writes import PreparedUpdate, insert_row
from plan_tracker.short_wait import short_wait

log = logging.getLogger("django.request")

OFFICE = 0
"""`HistoryBlock.of` of what belongs to no year."""
APPEND_ONLY = "紀錄只能新增，不能修改或刪除。"

_encode = DjangoJSONEncoder(
    ensure_ascii=False, sort_keys=True, check_circular=False, separators=(",", ":")
).encode


class HistoryChain(models.Model):
    """紀錄串: where the chain of a year ends; locked while a block is added."""

    of = models.BigIntegerField("年度的編號", primary_key=True)
    number = models.BigIntegerField("段數", default=0)
    link = models.CharField("末段指紋", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "紀錄串"

    def __str__(self) -> str:
        return f"{self.of}：{self.number} 段"

    def history_home(self) -> HistoryHome:
        return HistoryHome()


class HistoryBlock(models.Model):
    """紀錄段: the rows of one table that were written together, and their place in the chain."""

    # Not a foreign key: an empty year may be deleted, and its blocks stay.
    of = models.BigIntegerField("年度的編號")
    table = models.CharField("資料表", max_length=30)
    number_of_rows = models.PositiveIntegerField("筆數", default=0)
    digest = models.CharField("內容指紋", max_length=64, blank=True)
    # None until it is linked.
    number = models.BigIntegerField("第幾段", null=True, blank=True)
    link = models.CharField("指紋", max_length=64, blank=True)
    # Blocks of rows that were there before there was a chain: table by table, so that the order of
    # the blocks is not that in which the rows were written.
    made_afterwards = models.BooleanField("補建", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "紀錄段"
        ordering = ["of", "number"]
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="history_block_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.of} 第 {self.number} 段"

    def history_home(self) -> HistoryHome:
        return HistoryHome()


def link_after(link: str, number: int, block: HistoryBlock) -> str:
    """The link of a block as that of this number after another one."""
    parts = (link, number, block.pk, block.table, block.number_of_rows, block.digest)
    # A line for each: else two parts could be moved into one another.
    lines = "".join(f"{part}\n" for part in parts)
    return hashlib.sha256(lines.encode()).hexdigest()


# The rows of an import all have the same moment.
@lru_cache(maxsize=100)
def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def is_moment(name: str) -> bool:
    """Whether a column of this name holds a time; it is never empty in a row of the chain."""
    return name == "at" or name.endswith("_at")


class BlockDigest:
    """The digest over rows, fed one by one."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._pick = itemgetter(*names)
        self._places_of_moments = []
        for place, name in enumerate(names):
            if is_moment(name):
                self._places_of_moments.append(place)
        self.number_of_rows = 0
        self._hash = hashlib.sha256()

    def add(self, values: Mapping[str, Any]) -> None:
        written_values = list(self._pick(values))
        # In one spelling, whichever zone a moment is in when it is at hand.
        for place in self._places_of_moments:
            written_values[place] = _written(written_values[place])
        self._hash.update(_encode(written_values).encode())
        self._hash.update(b"\n")
        self.number_of_rows += 1

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


class ChainedQuerySet(models.QuerySet[Any]):
    """Append-only, in bulk as well."""

    def update(self, **fields: Any) -> int:
        _require_set_later(self.model, fields)
        return super().update(**fields)

    def delete(self) -> NoReturn:
        raise TypeError(APPEND_ONLY)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        rows = list(objs)
        with transaction.atomic(savepoint=False):
            _put_into_blocks(rows)
            return super().bulk_create(rows, *args, **kwargs)


class Chained(models.Model):
    """A row that is written once, and lies in a block of its year's chain from then on."""

    IN_CHAIN: ClassVar[tuple[str, ...]]
    """What the digest covers. A list that never changes, like the way in which it is written."""
    SET_LATER: ClassVar[tuple[str, ...]] = ()
    """The fields that may be written afterwards, such as who took it back and when.

    The digest does not cover them; the verb that writes them leaves an entry, which is covered.
    """

    # Without an index and without a constraint, which would slow imports down; `check_history` finds a
    # key that leads nowhere. None for rows from before the chain, until the migration has chained them.
    block = models.ForeignKey(
        HistoryBlock,
        verbose_name="紀錄段",
        on_delete=models.DO_NOTHING,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            _require_set_later(type(self), kwargs.get("update_fields") or ())
            super().save(*args, **kwargs)
            return
        with transaction.atomic(savepoint=False):
            _put_into_blocks([self])
            # Whatever else is said, it is new: `create` says so.
            insert_row(self)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(APPEND_ONLY)

    def chain_key(self) -> int:
        """`HistoryBlock.of` for this row."""
        raise NotImplementedError


def _require_set_later(model: type[Chained], names: Iterable[str]) -> None:
    """TypeError unless all that is written is what may be written afterwards."""
    wanted = set(names)
    if not wanted or not wanted.issubset(model.SET_LATER):
        raise TypeError(APPEND_ONLY)


def _put_into_blocks(rows: list[Any]) -> None:
    """Give each row the block of its chain, for rows that are about to be written in this order."""
    by_chain: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_chain[row.chain_key()].append(row)
    for of, chained in by_chain.items():
        model = type(chained[0])
        digest = BlockDigest(model.IN_CHAIN)
        for row in chained:
            digest.add(row.__dict__)
        block = HistoryBlock(
            of=of,
            table=model._meta.model_name,
            number_of_rows=digest.number_of_rows,
            digest=digest.hexdigest(),
        )
        insert_row(block)
        for row in chained:
            row.block = block
        link_once_written(of)


def link_once_written(of: int) -> None:
    """Link what this transaction writes, after it is written; asked for once, however many rows."""
    linking = _linking(of)
    # Django's list of what waits for the commit: savepoints, function, whether errors are logged.
    for _, waiting, *_ in connection.run_on_commit:
        if waiting is linking:
            return
    transaction.on_commit(linking, robust=True)


@cache
def _linking(of: int) -> Callable[[], None]:
    def link() -> None:
        try:
            # A writer must not wait for an import to end: the import links these rows as well.
            with short_wait():
                link_pending(of)
        except DatabaseError as error:
            log.warning("history not linked yet: %s", error)

    return link


# Written once, since every step of a report asks and writes them.
_CHAIN = Prepared(lambda: HistoryChain.objects.filter(of=Slot("of")).select_for_update())
_PENDING = Prepared(lambda: HistoryBlock.objects.filter(of=Slot("of"), number=None).order_by("pk"))
_LINK_BLOCK = PreparedUpdate(lambda: HistoryBlock.objects.filter(pk=Slot("pk")))
_END_CHAIN = PreparedUpdate(lambda: HistoryChain.objects.filter(of=Slot("of")))


@transaction.atomic
def link_pending(of: int) -> int:
    """Give all blocks of a chain that have none their number and link; how many there were."""
    chain = _CHAIN.first(of=of)
    if chain is None:
        # Two may begin the chain at the same moment: one of them makes it, and both then lock it.
        HistoryChain.objects.get_or_create(of=of)
        chain = HistoryChain.objects.select_for_update().get(of=of)
    pending = _PENDING(of=of)
    for block in pending:
        chain.number += 1
        chain.link = link_after(chain.link, chain.number, block)
        _LINK_BLOCK({"number": chain.number, "link": chain.link}, pk=block.pk)
    if pending:
        _END_CHAIN({"number": chain.number, "link": chain.link}, of=of)
    return len(pending)
