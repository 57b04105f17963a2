"""What the service writes is for its own account: database, evidence, keys.

What an older version left readable is said by `rights_check`.
"""

import os
from pathlib import Path

OWN_FOLDER = 0o700


def keep_to_ourselves(folder: Path) -> None:
    """Make the folder, and from now on every file, for the account of the service alone.

    SQLite gives the files beside its database (`-wal`, `-shm`) the rights of the database.
    """
    os.umask(0o077)
    # Rights of a folder that is there already are the office's, and are not changed in silence.
    folder.mkdir(mode=OWN_FOLDER, parents=True, exist_ok=True)
