"""The chain over 異動紀錄, steps and other records: rows by the thousand put into it, and all of it verified.

How it is made stands in `items/models/history_blocks.py` and in docs/decisions/0025.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from django.db.models import Q

from items.day_words import moment_words
from items.models import (
    Change,
    ControlStep,
    Handover,
    ImportBatch,
    Programme,
    Question,
    QuestionStep,
    ReminderLetter,
    ReportStep,
    YearEndDecision,
    YearEndItem,
)
from items.models.history_blocks import (
    OFFICE,
    BlockDigest,
    Chained,
    HistoryBlock,
    HistoryChain,
    is_moment,
    link_after,
    link_once_written,
    link_pending,
)
from items.workflow.bulk_insert import Values, insert

CHAINED: tuple[type[Chained], ...] = (
    Change,
    ReportStep,
    ControlStep,
    Question,
    QuestionStep,
    ReminderLetter,
    Handover,
    ImportBatch,
    YearEndDecision,
    YearEndItem,
)
WINDOW = 1000
"""How many rows are held at a time."""


def insert_entries(names: Iterable[str], entries: Iterable[Values], *, of: int) -> None:
    """Entries of 異動紀錄 by the thousand, as one block of the year's chain.

    `names` and `entries` are those of `bulk_insert.insert`.
    """
    # Before the rows, since PostgreSQL takes no other statement while it takes them.
    block = HistoryBlock.objects.create(of=of, table=str(Change._meta.model_name))
    digest = BlockDigest(Change.IN_CHAIN)
    insert(Change, (*names, "block_id"), _into_block(entries, block.pk, digest))
    HistoryBlock.objects.filter(pk=block.pk).update(
        number_of_rows=digest.number_of_rows, digest=digest.hexdigest()
    )
    link_once_written(of)


def _into_block(entries: Iterable[Values], block_key: int, digest: BlockDigest) -> Iterator[Values]:
    for values in entries:
        # An entry that belongs to no import names none.
        values.setdefault("batch_id", None)
        digest.add(values)
        values["block_id"] = block_key
        yield values


# Verifying.


@dataclass(frozen=True)
class HistoryFault:
    """Something that is not as it was written; `words` is a sentence."""

    words: str


@dataclass(frozen=True)
class ChainEnd:
    """Where a chain ends: written down elsewhere, it shows when somebody cuts the end off."""

    name: str
    number: int
    link: str


def chain_ends() -> list[ChainEnd]:
    """The ends of all chains, after what was not linked yet is linked."""
    pending = HistoryBlock.objects.filter(number=None).order_by()
    for of in pending.values_list("of", flat=True).distinct():
        link_pending(of)
    ends = []
    for chain in HistoryChain.objects.order_by("of"):
        ends.append(ChainEnd(name_of_chain(chain.of), chain.number, chain.link))
    return ends


def name_of_chain(of: int) -> str:
    """「115 年度」, or that of the office."""
    if of == OFFICE:
        return "帳號、權限與單位"
    programme = Programme.objects.filter(pk=of).first()
    if programme is None:
        return f"已刪除的年度（{of}）"
    return f"{programme.year} 年度"


def faults_of_history() -> Iterator[HistoryFault]:
    """Everything that differs from what was written; reads every row once."""
    yield from _faults_of_links()
    for model in CHAINED:
        yield from _faults_of_rows(model)
    yield from _faults_of_imported_files()


def _faults_of_links() -> Iterator[HistoryFault]:
    """Blocks that are missing, slipped in, or were changed."""
    chains = {chain.of: chain for chain in HistoryChain.objects.all()}
    # A block has no number until it is linked, after the commit (docs/decisions/0025).
    blocks = HistoryBlock.objects.filter(number__isnull=False).order_by("of", "number")
    chains_with_blocks = set()
    in_chains = groupby(blocks.iterator(chunk_size=WINDOW), key=attrgetter("of"))
    for of, chained in in_chains:
        chains_with_blocks.add(of)
        yield from _faults_of_chain(of, chained, chains.get(of))
    for of, chain in chains.items():
        if of not in chains_with_blocks and chain.number:
            yield HistoryFault(f"{name_of_chain(of)}：{chain.number} 段紀錄都不見了。")


def _faults_of_chain(
    of: int, blocks: Iterable[HistoryBlock], chain: HistoryChain | None
) -> Iterator[HistoryFault]:
    """The blocks of one chain in their order, and whether the last of them is its end."""
    name = name_of_chain(of)
    number = 0
    link = ""
    for block in blocks:
        number += 1
        if block.number != number:
            yield HistoryFault(f"{name}：第 {number} 段不見了。")
            number = block.number or 0
        elif block.link != link_after(link, number, block):
            yield HistoryFault(f"{name}：第 {number} 段接不上前一段，被改過。")
        # From here on as it stands, so that one fault is told once.
        link = block.link
    # Blocks that somebody has cut off at the end leave no gap: the chain itself says where it ends.
    if chain is None or (chain.number, chain.link) != (number, link):
        yield HistoryFault(f"{name}：最後一段不是原來的最後一段。")


def _faults_of_rows(model: type[Chained]) -> Iterator[HistoryFault]:
    """Rows that were altered, removed, slipped in or put into another order."""
    name = str(model._meta.verbose_name)
    rows = model._default_manager.order_by("block_id", "pk")
    without_block = rows.filter(block=None).count()
    if without_block:
        yield HistoryFault(f"{name}：{without_block:,} 筆不在紀錄串裡，不是由這個系統寫的。")
    in_blocks = rows.filter(block__isnull=False)
    in_order = in_blocks.values("block_id", *model.IN_CHAIN, *_home_of(model))
    by_block = _by_block(in_order.iterator(chunk_size=WINDOW))
    years = set(Programme.objects.values_list("pk", flat=True))
    blocks = HistoryBlock.objects.filter(table=model._meta.model_name).order_by("pk")
    # Blocks and rows come in one order and are gone through side by side, so that neither is held
    # whole. The rows of a group are read before the next one is asked for, which would drop them.
    group = next(by_block, None)
    for block in blocks.iterator(chunk_size=WINDOW):
        while group is not None and group.block < block.pk:
            yield HistoryFault(f"{name}：第 {group.block} 號的段不見了，內容還在。")
            group = next(by_block, None)
        if group is not None and group.block == block.pk:
            yield from _faults_of_block(model, block, group.rows, years)
            group = next(by_block, None)
        else:
            # All rows of the block have gone: the number of them says so.
            yield from _faults_of_block(model, block, (), years)
    while group is not None:
        yield HistoryFault(f"{name}：第 {group.block} 號的段不見了，內容還在。")
        group = next(by_block, None)


@dataclass(frozen=True)
class _RowsOfBlock:
    """The rows that name a block by its key; they are read while one goes through them."""

    block: int
    rows: Iterable[dict[str, Any]]


def _by_block(rows: Iterable[dict[str, Any]]) -> Iterator[_RowsOfBlock]:
    for block, rows_of_block in groupby(rows, key=itemgetter("block_id")):
        yield _RowsOfBlock(block, rows_of_block)


def _home_of(model: type[Chained]) -> tuple[str, ...]:
    """The column that says which year an entry belongs to; steps have none of their own."""
    if model is Change:
        return ("programme_id",)
    return ()


def _faults_of_block(
    model: type[Chained], block: HistoryBlock, rows: Iterable[dict[str, Any]], years: set[int]
) -> Iterator[HistoryFault]:
    digest = BlockDigest(model.IN_CHAIN)
    first_at = None
    is_elsewhere = False
    # The year of an entry is no part of its hash, since deleting the year empties it.
    homes: set[int | None] = {block.of}
    if block.of == OFFICE or block.of not in years:
        # An entry of a year that was deleted is the office's.
        homes = {block.of, None}
    # So that a person finds the place: a number of a block stands on no page.
    moments = [name for name in model.IN_CHAIN if is_moment(name)]
    for values in rows:
        if first_at is None and moments:
            first_at = values[moments[0]]
        digest.add(values)
        if "programme_id" in values and values["programme_id"] not in homes:
            is_elsewhere = True
    place = f"{model._meta.verbose_name}，{name_of_chain(block.of)}第 {block.number} 段"
    if first_at is not None:
        place += f"（{moment_words(first_at)}）"
    if digest.number_of_rows != block.number_of_rows:
        words = f"應有 {block.number_of_rows:,} 筆，現在有 {digest.number_of_rows:,} 筆"
        yield HistoryFault(f"{place}：{words}。")
    elif digest.hexdigest() != block.digest:
        yield HistoryFault(f"{place}：內容或順序被改過。")
    elif is_elsewhere:
        yield HistoryFault(f"{place}：被移到別的年度。")


def _faults_of_imported_files() -> Iterator[HistoryFault]:
    """Files that are no longer what was imported: the chain holds their hash."""
    batches = ImportBatch.objects.order_by("pk").defer("changes")
    # One by one: a file may have megabytes.
    for batch in batches.iterator(chunk_size=1):
        if hashlib.sha256(batch.content).hexdigest() != batch.sha256:
            place = f"{name_of_chain(batch.programme_id)}，{moment_words(batch.at)}"
            yield HistoryFault(f"匯入批次「{batch}」（{place}）：檔案內容被改過。")


def rows_in_chain() -> int:
    """How many rows were verified."""
    return sum(model._default_manager.filter(~Q(block=None)).count() for model in CHAINED)
