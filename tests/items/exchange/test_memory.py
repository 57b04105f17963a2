"""What large files took goes back to the system when they are done with."""

import re
import sys
from pathlib import Path

import pytest

from items.downloading import download
from items.exchange.memory import memory_given_back
from items.exchange.spreadsheets.write import WrittenFile


def resident_megabytes():
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmRSS:\s*(\d+)", status)[1]) / 1024


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux's C library can be told")
def test_what_was_freed_is_no_longer_of_this_process():
    with memory_given_back():
        # Too small to be given back one by one, and the last of them stays where the heap ends.
        blocks = [bytes(1_000 + number % 7) for number in range(100_000)]
        last = blocks[-1]
        with_blocks = resident_megabytes()
        del blocks
    assert resident_megabytes() < with_blocks - 50
    assert last


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux's C library can be told")
def test_a_file_that_was_sent_leaves_no_memory_behind(db):
    response = download(WrittenFile("計畫.csv", b"", "text/csv"))
    blocks = [bytes(1_000 + number % 7) for number in range(100_000)]
    last = blocks[-1]
    with_blocks = resident_megabytes()
    del blocks
    response.close()
    assert resident_megabytes() < with_blocks - 50
    assert last
