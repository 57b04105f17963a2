"""Files of evidence, made as small as they can be and still be what they say."""

import base64
import io
import zipfile

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504


def zip_of(**members):
    """A zip file; of a name, `__` is a slash and `_dot_` a dot."""
    named = {}
    for name, content in members.items():
        named[name.replace("__", "/").replace("_dot_", ".")] = content
    return zip_file(named)


def zip_file(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def docx(**more):
    return zip_file(
        {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"} | more
    )


def odt(mimetype=b"application/vnd.oasis.opendocument.text", **more):
    return zip_file({"mimetype": mimetype, "content.xml": b"<x/>"} | more)


def doc(*streams):
    """A file of Word before 2007 with these streams in its directory."""
    content = OLE
    for stream in ("WordDocument", *streams):
        content += stream.encode("utf-16-le") + b"\x00" * 64
    return content


def jpeg(size=(60, 40), colour="red", **options):
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, "JPEG", **options)
    return stream.getvalue()


def jpeg_from_a_phone():
    """A picture that lies on its side, with the place and the day on which it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[306] = "2026:09:30 14:05:00"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (23.0, 58.0, 40.0)
    place[3], place[4] = "E", (121.0, 36.0, 20.0)
    return jpeg(exif=exif, comment="秘密的地方".encode())


def png(size=(4, 3)):
    stream = io.BytesIO()
    Image.new("RGB", size).save(stream, "PNG")
    return stream.getvalue()


HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAchtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAA"
    "AAAAAAAAADRpbG9jAAAAAERAAAIAAQAAAAAB7AABAAAAAAAAABkAAgAAAAACBQABAAAAAAAAALYAAAA4aWluZgAAAAAA"
    "AgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAABB2lwcnAAAADm"
    "aXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAq"
    "QgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQAN"
    "AAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAADwAAAABAAAAKAAAAAH////8AAAAAv///+gAAAACAAAAEHBp"
    "eGkAAAAAAwgICAAAAAlpcm90AwAAABlpcG1hAAAAAAAAAAEAAQaBAgMFhIYAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEA"
    "AQAAANdtZGF0AAAAFSgBrwQY+Mpx1//0sp++oC7Y3SEecAAAAAZFeGlmAABNTQAqAAAACAADARIAAwAAAAEABgAAATIA"
    "AgAAABQAAAAyiCUABAAAAAEAAABGAAAAADIwMjY6MDk6MzAgMTQ6MDU6MDAAAAQAAQACAAAAAk4AAAAAAgAFAAAAAwAA"
    "AHwAAwACAAAAAkUAAAAABAAFAAAAAwAAAJQAAAAAAAAAFwAAAAEAAAA6AAAAAQAAACgAAAABAAAAeQAAAAEAAAAkAAAA"
    "AQAAABQAAAAB"
)
"""Sixty by forty pixels as an iPhone writes them, lying on their side, with place and day; our
library reads such files and writes none."""
