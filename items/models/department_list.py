"""All departments, as pages ask for them that list or count by department."""

from items.models.departments import Department
from items.models.prepared import Prepared

_ALL = Prepared(lambda: Department.objects.all())


def all_departments() -> list[Department]:
    """Every department in its order."""
    return _ALL()
