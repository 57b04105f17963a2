"""What hostile files are made of, and the list that each of them is put on."""

import io
import struct
import zlib

from tests.items.exchange.spreadsheets import files

MADE = {}
"""{name: the function that makes the file}; filled by the modules `hostile_…`."""


def made(function):
    MADE[function.__name__] = function
    return function


def sheet(rows, **options):
    return files.xlsx(files.worksheet(rows, **options))


def raw_zip(entries):
    """A zip from (name, compressed bytes, checksum, size) written without inflating them here."""
    body, directory = io.BytesIO(), io.BytesIO()
    for name, packed, checksum, size in entries:
        name = name.encode()
        fields = (20, 0, 8, 0, 33, checksum, len(packed), size, len(name), 0)
        start = body.tell()
        body.write(struct.pack("<4s5H3I2H", b"PK\x03\x04", *fields) + name + packed)
        directory.write(
            struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, *fields, 0, 0, 0, 0, start) + name
        )
    end = struct.pack(
        "<4s4H2IH",
        b"PK\x05\x06",
        0,
        0,
        len(entries),
        len(entries),
        directory.tell(),
        body.tell(),
        0,
    )
    return body.getvalue() + directory.getvalue() + end


def packed(content):
    data = content.encode() if isinstance(content, str) else content
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush(), zlib.crc32(data), len(data)
