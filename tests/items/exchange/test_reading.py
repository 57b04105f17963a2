"""A large file is read in a process of its own, which is bounded and has its turn."""

import gc
import os
import sys

import pytest

from items.exchange import turns
from items.exchange.reading import ReaderFailed, in_own_process, read_apart
from items.exchange.spreadsheets.quick_reading import MOST_BYTES, NotQuick, reading_quickly
from items.exchange.spreadsheets.read import read_workbook
from items.exchange.spreadsheets.refused import RefusalReason, Refused
from tests.items.exchange.spreadsheets import files
from tests.items.exchange.spreadsheets.hostile import MADE
from tests.making import make_user

pytestmark = pytest.mark.django_db
LARGE = b"x" * (MOST_BYTES + 1)


def process_of(content):
    return os.getpid()


def refuse(content):
    raise Refused("這個檔案不行，請換一個。", RefusalReason.UNSAFE)


def take_all_memory(content):
    return bytearray(2 * 1024 * 1024 * 1024)


def break_down(content):
    raise ZeroDivisionError


@pytest.mark.slow
def test_a_small_file_is_read_at_once_and_a_large_one_in_a_process_of_its_own(mei):
    assert read_apart(process_of, b"small", by=mei) == os.getpid()
    assert read_apart(process_of, LARGE, by=mei) != os.getpid()


@pytest.mark.slow
@pytest.mark.one_engine
def test_what_refuses_the_file_there_refuses_it_here():
    with pytest.raises(Refused, match="請換一個") as caught:
        in_own_process(refuse, b"")
    assert caught.value.reason is RefusalReason.UNSAFE


@pytest.mark.slow
@pytest.mark.one_engine
def test_a_file_that_was_refused_does_not_wait_for_the_collector():
    content = bytes(1_000)
    known_before = sys.getrefcount(content)
    gc.disable()
    try:
        with pytest.raises(Refused):
            refused_apart(content)
        assert sys.getrefcount(content) == known_before
    finally:
        gc.enable()


def refused_apart(content):
    """As a view does it: the error goes no further than the words on the page."""
    try:
        in_own_process(refuse, content)
    except Refused as refusal:
        words = str(refusal)
    raise Refused(words, RefusalReason.UNSAFE)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows bounds no process")
def test_a_file_that_takes_all_memory_is_refused_in_words():
    with pytest.raises(Refused, match="時間或記憶體的上限") as caught:
        in_own_process(take_all_memory, b"")
    assert caught.value.reason is RefusalReason.TOO_LARGE


@pytest.mark.slow
@pytest.mark.one_engine
def test_a_fault_of_ours_is_no_refusal():
    with pytest.raises(ReaderFailed):
        in_own_process(break_down, b"")


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "content",
    [
        files.csv_bytes([["字"] * 101] * 100),
        files.xlsx_table([["字"] * 101] * 100),
        files.xlsx_table(files.TABLE, *[f"I{row}:J{row}" for row in range(1, 5_010)]),
        MADE["ods_block_repeated"](),
    ],
    ids=["csv", "xlsx", "merges", "ods that repeats its cells"],
)
def test_a_small_file_that_holds_much_is_left_to_the_other_process(content):
    with pytest.raises(NotQuick), reading_quickly():
        read_workbook(content, "計畫")


@pytest.mark.slow
@pytest.mark.one_engine
def test_a_zip_file_that_lies_about_its_size_is_left_to_the_other_process():
    with pytest.raises(NotQuick), reading_quickly():
        read_workbook(MADE["zip_bomb_in_a_picture"](), "計畫.xlsx")


@pytest.mark.one_engine
def test_one_large_file_of_a_person_is_read_at_a_time(mei, hao):
    with turns.turn(mei):
        with pytest.raises(Refused, match="另一個檔案還在讀取") as caught:
            read_apart(process_of, LARGE, by=mei)
        assert caught.value.reason is RefusalReason.BUSY
        # Others go on, and so do small files.
        assert read_apart(process_of, b"small", by=mei) == os.getpid()
        with turns.turn(hao):
            pass
    with turns.turn(mei):
        pass


@pytest.mark.one_engine
def test_a_few_large_files_are_read_at_a_time_for_all(mei, hao, monkeypatch):
    third = make_user("third", "第三人")
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0)
    with turns.turn(mei), turns.turn(hao):
        with (
            pytest.raises(Refused, match="還輪不到這一個，請過一會兒") as caught,
            turns.turn(third),
        ):
            pass
        assert caught.value.reason is RefusalReason.BUSY
    with turns.turn(third):
        pass
