"""What a file may hold at most; more is refused in words.

Gates 1, 3 and 4 of the import contract.
"""

MEGABYTE = 1024 * 1024
MAX_FILE_BYTES = 10 * MEGABYTE
MAX_MEMBERS = 2_000
MAX_INFLATED_BYTES = 120 * MEGABYTE
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CHARACTERS = 20_000_000
# What Excel allows in a cell.
MAX_CELL_CHARACTERS = 32_767
MAX_MERGES = 20_000
# How deep elements of XML may stand in each other.
MAX_DEPTH = 200

# Limits that the contract does not ask for and that no office file comes near: they keep the time
# of the worst file under five seconds.
MAX_CELLS = 300_000
MAX_ELEMENTS = 1_600_000
MAX_BOOK_ELEMENTS = 500_000
MAX_ODS_STYLES = 100_000
MAX_SHEETS = 2_000
MAX_NAMES_PER_CELL = 100
MAX_NAMES_LENGTH = 3_000
MAX_MARKUP_NAMES = 10_000
MAX_MARKUP_BYTES = 1 * MEGABYTE

# A heading further down is not looked for.
HEADING_WITHIN_ROWS = 30
# Where Excel's sheets end.
LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
