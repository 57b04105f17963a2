"""Hostile archives: bombs, members that lie, and files that are none."""

import struct
import zipfile

from tests.items.exchange.spreadsheets import files
from tests.items.exchange.spreadsheets.hostile_parts import made, packed, raw_zip


@made
def zip_bomb_in_the_sheet():
    return raw_zip([(files.SHEET_PART, *files.bomb(1500, b"<row/>  "))])


@made
def zip_bomb_in_a_picture():
    members = [(name, *packed(content)) for name, content in files.xlsx_members().items()]
    return raw_zip([*members, ("xl/media/image1.png", *files.bomb(300))])


@made
def many_small_bombs():
    packed = files.bomb(10)
    return raw_zip([(f"xl/media/image{number}.png", *packed) for number in range(200)])


@made
def bomb_whose_header_says_small():
    packed, checksum, _ = files.bomb(1000)
    return raw_zip([(files.SHEET_PART, packed, checksum, 100)])


@made
def zip_in_zip():
    return files.zip_of({"a.xlsx": files.xlsx()})


@made
def too_many_members():
    return files.zip_of(
        files.xlsx_members() | {f"xl/media/{number}.png": b"" for number in range(2001)}
    )


@made
def two_hundred_thousand_members():
    directory = (
        struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
        + b"a"
    )
    count = 200_000
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, count * len(directory), 4, 0)
    return b"PK\x03\x04" + directory * count + end


@made
def duplicate_member():
    members = list(files.xlsx_members().items())
    return files.zip_of([*members, (files.SHEET_PART.upper(), files.worksheet(""))])


@made
def encrypted_member():
    data = bytearray(files.xlsx())
    start = data.find(b"PK\x01\x02")
    data[start + 8] |= 1
    return bytes(data)


@made
def rare_compression():
    return files.zip_of(files.xlsx_members(), zipfile.ZIP_LZMA)


@made
def wrong_checksum():
    data = bytearray(files.zip_of(files.xlsx_members(), zipfile.ZIP_STORED))
    data[data.find(b"<sheetData>") + 60] ^= 1
    return bytes(data)


@made
def truncated_zip():
    return files.xlsx()[:-200]


@made
def empty_zip():
    return files.zip_of({})


@made
def binary_rubbish():
    return bytes(range(256)) * 1000


@made
def eleven_megabytes():
    return b"a" * (11 * 1024 * 1024)
