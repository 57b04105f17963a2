#!/usr/bin/env python3
"""Django's command line for this project."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plan_tracker.settings")
    try:
        # Only now: Django reads the variable when it is imported.
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit(
            "這個 Python 沒有安裝 Django；請用虛擬環境裡的 Python 執行（.venv/bin/python manage.py …），"
            "安裝方式見 README.md。"
        )
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # The sentence says what to set; a traceback above it would only hide it.
        sys.exit(f"設定有誤：{error}")


if __name__ == "__main__":
    main()
