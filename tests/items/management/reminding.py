"""The days of the tests about reminders by mail."""

from datetime import date

DAY_BEFORE_DUE = date(2026, 11, 30)
"""A Monday; 填報期限 is 115年12月1日."""
