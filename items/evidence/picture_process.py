"""The process in which one picture is written anew; started by `items.evidence.pictures` alone.

    python -m items.evidence.picture_process < picture > outcome

The outcome is one line of JSON, then the picture and its thumbnail. Decoding is the work of large
libraries on what a stranger has sent: here it can take neither the service's memory nor its time,
and a fault in one of them ends nothing but this. It starts without Django, in a tenth of a second.
"""

import io
import json
import sys
import warnings
from typing import Any

from PIL import Image, ImageOps, ImageSequence

from items.evidence.heic import is_heic
from plan_tracker.bounded_process import limit_this_process, outcome_stream

MOST_PIXELS = 80_000_000
MOST_FRAMES = 300
MOST_MEMORY = 900 * 1024 * 1024
MOST_PROCESSOR_SECONDS = 20
THUMBNAIL_SIDE = 320
READ = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
FORMATS = {
    "JPEG": "JPEG",
    "MPO": "JPEG",
    "PNG": "PNG",
    "WEBP": "WEBP",
    "GIF": "GIF",
    "HEIF": "JPEG",
}
"""As what each is written; Pillow calls a JPEG with a second picture, of a phone, MPO.

What an iPhone writes, HEIC, becomes a JPEG: the office's computers open that without more.
"""
_JPEG_QUALITY = 92
_TAKEN = (36867, 306)
"""Two times in EXIF: when the picture was taken, and when the file was written."""
_EXIF_FOLDER = 0x8769

TOO_LARGE, BROKEN = "too large", "broken"


def main() -> int:
    limit_this_process(most_memory=MOST_MEMORY, most_processor_seconds=MOST_PROCESSOR_SECONDS)
    outcome = outcome_stream()
    content = sys.stdin.buffer.read()
    _learn_to_read(content)
    # The bound is our own, in words of ours.
    Image.MAX_IMAGE_PIXELS = None
    warnings.simplefilter("ignore")
    picture = b""
    thumbnail = b""
    answer: dict[str, Any] = {}
    try:
        with Image.open(io.BytesIO(content), formats=READ) as image:
            if image.width * image.height > MOST_PIXELS:
                answer = {"refused": TOO_LARGE}
            else:
                answer = {"taken": _taken_on(image)}
                picture = written_anew(image)
                thumbnail = thumbnail_of(image)
    except MemoryError:
        answer = {"refused": TOO_LARGE}
    except Exception:
        # The libraries raise nearly every kind of exception on a damaged file.
        answer = {"refused": BROKEN}
    answer["size"] = len(picture)
    with outcome:
        outcome.write(json.dumps(answer).encode() + b"\n" + picture + thumbnail)
    return 0


def _learn_to_read(content: bytes) -> None:
    """Let Pillow read HEIC, where this is one: nobody else waits for that library."""
    if is_heic(content):
        import pi_heif

        # The small pictures and depth maps beside the large one are never looked at.
        pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


def written_anew(image: Image.Image) -> bytes:
    """The picture upright and in its colours, without anything else that stood in the file."""
    written_as = FORMATS[image.format or ""]
    profile = image.info.get("icc_profile")
    stream = io.BytesIO()
    if getattr(image, "is_animated", False) and written_as != "JPEG":
        _write_frames(image, stream, written_as)
        return stream.getvalue()
    image.seek(0)
    upright = ImageOps.exif_transpose(image)
    transparency = upright.info.get("transparency")
    # Pillow writes what it finds there: comments, places, the program that made it.
    upright.info = {}
    options: dict[str, Any] = {}
    if profile:
        options["icc_profile"] = profile
    if written_as == "JPEG":
        if upright.mode not in ("RGB", "L", "CMYK"):
            # A drawing that a phone has kept as HEIC may be transparent, which no JPEG can be.
            upright = upright.convert("RGB")
        options |= {"quality": _JPEG_QUALITY, "subsampling": "4:2:0", "exif": b""}
    elif written_as == "WEBP":
        options |= {"quality": _JPEG_QUALITY, "exif": b"", "xmp": b""}
    elif transparency is not None:
        options["transparency"] = transparency
    upright.save(stream, format=written_as, **options)
    return stream.getvalue()


def _write_frames(image: Image.Image, stream: io.BytesIO, written_as: str) -> None:
    if getattr(image, "n_frames", 1) > MOST_FRAMES:
        # As if there were no memory left: `main` says of both that the picture is too large.
        raise MemoryError
    frames = []
    durations = []
    pixels = 0
    for frame in ImageSequence.Iterator(image):
        pixels += frame.width * frame.height
        if pixels > MOST_PIXELS:
            raise MemoryError
        durations.append(int(frame.info.get("duration", 100)))
        copied = frame.convert("RGBA")
        copied.info = {}
        frames.append(copied)
    first, *others = frames
    options: dict[str, Any] = {"save_all": True, "append_images": others, "duration": durations}
    if written_as == "GIF":
        # Otherwise each frame would be drawn over the one before it.
        options["disposal"] = 2
    # 0 is without end; left out, a GIF would move once and stop.
    first.save(stream, format=written_as, loop=0, **options)


def thumbnail_of(image: Image.Image) -> bytes:
    """A small JPEG of it; what is transparent becomes white."""
    image.seek(0)
    small = ImageOps.exif_transpose(image)
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    with_alpha = small.convert("RGBA")
    white = Image.new("RGB", small.size, "white")
    white.paste(with_alpha, mask=with_alpha.getchannel("A"))
    stream = io.BytesIO()
    white.save(stream, format="JPEG", quality=80)
    return stream.getvalue()


def _taken_on(image: Image.Image) -> str:
    """「2026:09:30 14:05:00」 as the camera writes it; empty where it does not say."""
    exif = image.getexif()
    for values in (exif.get_ifd(_EXIF_FOLDER), exif):
        for tag in _TAKEN:
            value = values.get(tag)
            if isinstance(value, str) and value.strip("\x00 "):
                return value[:19]
    return ""


if __name__ == "__main__":
    sys.exit(main())
