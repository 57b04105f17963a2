"""Whether an error says that there is no room to write."""

import errno

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""A full disk, a quota that is used up, and a file that is as large as the system lets it become."""


def is_without_room(error: OSError) -> bool:
    return error.errno in NO_ROOM
