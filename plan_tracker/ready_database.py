"""Whether a command may use the database, asked before it touches it.

Without the question, a second shell without the office's variables makes an empty database in the
wrong folder, and the command ends in a traceback about a missing table.
"""

from pathlib import Path

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

MIGRATE = "請先在同一個環境執行：python manage.py migrate"


def database_problem() -> str:
    """Why the database cannot be used, in one sentence with the remedy; "" where it can."""
    file = sqlite_file()
    # Asked of the file system: a mere connection would make the file.
    if file is not None and not file.exists():
        return (
            f"資料庫還沒有建立（{file}）。{MIGRATE}；"
            "如果資料庫在別處，請先設定 DATA_DIR 或 DATABASE_URL。"
        )
    try:
        is_behind = has_open_migrations()
    except DatabaseError as error:
        return unreachable_words(error)
    if is_behind:
        return f"資料庫還沒有建立資料表，或版本比程式舊。{MIGRATE}。"
    return ""


def unreachable_words(error: DatabaseError) -> str:
    """That the database does not answer, with what it says itself and the remedy."""
    # Drivers add lines of hints for those who write programs.
    first_line = str(error).strip().split("\n")[0]
    return f"資料庫連不上（{first_line}），請確認 DATABASE_URL，以及資料庫已經啟動。"


def has_open_migrations() -> bool:
    """Whether tables or columns that the code knows are missing; asks the database."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def sqlite_file() -> Path | None:
    """The file of an SQLite database; None for another engine and for one in memory."""
    if connection.vendor != "sqlite":
        return None
    name = str(connection.settings_dict["NAME"])
    if name == ":memory:" or name.startswith("file:"):
        return None
    return Path(name)
