"""Pictures are written anew: upright, and without what the camera has written into them."""

import io
import struct
import zlib
from datetime import date

import pytest
from PIL import Image

from items.evidence.pictures import written_anew
from items.evidence.prepare import prepared
from items.evidence.refused import FileRefused
from tests.items.evidence.files import HEIC, jpeg, jpeg_from_a_phone, png


def test_a_picture_keeps_nothing_of_where_it_was_taken_and_stands_upright():
    sent = jpeg_from_a_phone()
    assert b"Exif" in sent
    safe = written_anew(sent)
    for secret in (b"Exif", b"GPS", "秘密的地方".encode(), b"http"):
        assert secret not in safe.content
    with Image.open(io.BytesIO(safe.content)) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (40, 60), {})
    with Image.open(io.BytesIO(safe.thumbnail)) as thumbnail:
        assert thumbnail.format == "JPEG"
        assert max(thumbnail.size) <= 320
    assert safe.taken_on == date(2026, 9, 30)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded():
    """Forty bytes that say 30,000 × 30,000: decoded, they would take gigabytes."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    checked = struct.pack(">I", len(head)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    bomb = png()[:8] + checked + png()[33:]
    with pytest.raises(FileRefused, match="圖片太大"):
        written_anew(bomb)


def test_a_broken_picture_is_refused():
    with pytest.raises(FileRefused, match="打不開"):
        written_anew(jpeg_from_a_phone()[:300])


def test_a_moving_picture_goes_on_moving():
    stream = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "green")]
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:], comment=b"geheim")
    safe = written_anew(stream.getvalue())
    assert b"geheim" not in safe.content
    with Image.open(io.BytesIO(safe.content)) as picture:
        assert picture.n_frames == 3


def test_a_photograph_of_an_iphone_becomes_a_jpeg_without_its_place():
    kept = prepared("IMG_0001.HEIC", HEIC)
    assert (kept.name, kept.kind, kept.taken_on) == ("IMG_0001.jpg", "jpg", date(2026, 9, 30))
    assert b"Exif" not in kept.content
    for content in (kept.content, kept.thumbnail):
        with Image.open(io.BytesIO(content)) as picture:
            assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (40, 60), {})
            red, green, blue = picture.getpixel((20, 30))
            assert red > 200 > green + blue


def test_a_picture_under_the_name_of_another_kind_is_named_by_what_it_is():
    kept = prepared("照片.jpg", png())
    assert kept.name == "照片.png"
    assert kept.kind == "png"
    assert prepared("現場.JPEG", jpeg()).name == "現場.JPEG"


def test_a_broken_photograph_of_an_iphone_is_refused():
    with pytest.raises(FileRefused, match="打不開"):
        prepared("IMG_0001.HEIC", HEIC[:500])
