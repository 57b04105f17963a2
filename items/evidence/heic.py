"""HEIC, as iPhones write their photographs: how a file is known to be one; no library is needed."""

BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1")


def is_heic(content: bytes) -> bool:
    """Whether a file begins with a box "ftyp" of one of these brands."""
    return content[4:8] == b"ftyp" and content[8:12] in BRANDS
