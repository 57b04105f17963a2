"""What a file may hold at most (gates 1, 3 and 4 of the import), and how we say no."""

MEGABYTE = 1024 * 1024
MAX_FILE_BYTES = 10 * MEGABYTE
MAX_MEMBERS = 2_000
MAX_INFLATED_BYTES = 120 * MEGABYTE
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CHARACTERS = 20_000_000
MAX_CELL_CHARACTERS = 32_767
MAX_MERGES = 20_000
MAX_DEPTH = 200
# Some of our own, which no office file comes near: they keep the time of the worst file under five seconds.
MAX_CELLS = 300_000
MAX_ELEMENTS = 1_600_000
MAX_BOOK_ELEMENTS = 500_000
MAX_ODS_STYLES = 100_000
MAX_SHEETS = 2_000
MAX_NAMES_PER_CELL = 100
MAX_NAMES_LENGTH = 3_000
MAX_MARKUP_NAMES = 10_000
MAX_MARKUP_BYTES = 1 * MEGABYTE

HEADING_WITHIN_ROWS = 30
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


class Refused(Exception):
    """The whole file cannot be read; `message` is a Chinese sentence with the figure, the place and the remedy."""

    def __init__(self, message):
        super().__init__(message)
        self.message = message


class NoTable(Refused):
    """The file can be read, but no sheet that one sees holds our table: perhaps it belongs to another page."""
