"""The flat tables of the back office: which columns, found by which name, checked by what.

A row is found by its name, never by an `id` in the file. Rows are compared in memory and written
together, so that the number of queries does not depend on the number of rows.
"""

from items.admin.resources.base import OfficeResource
from items.admin.resources.people import DepartmentResource, UserResource
from items.admin.resources.plan import AssignmentResource, ReportResource

__all__ = [
    "AssignmentResource",
    "DepartmentResource",
    "OfficeResource",
    "ReportResource",
    "UserResource",
]
