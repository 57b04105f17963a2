"""異動紀錄 of one record: its page in the back office, in place of Django's own log."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from items.admin.words import from_to, roc_time
from items.models import Action, Change, Department, User
from items.worklists.record_subjects import about_department, about_person

HISTORY_PER_PAGE = 50


@dataclass(frozen=True)
class HistoryLine:
    """An entry of the history as the page prints it."""

    change: Change
    when: str
    subject: str
    content: str


class RecordHistory(admin.ModelAdmin):
    """The page of a record's history, and which entries stand on it."""

    # Django's own log would say the same once more, without the values, and can be edited.
    # Django looks at nothing that these three return.

    def log_addition(  # type: ignore[override]
        self, request: HttpRequest, obj: models.Model, message: Any
    ) -> None:
        pass

    def log_change(  # type: ignore[override]
        self, request: HttpRequest, obj: models.Model, message: Any
    ) -> None:
        pass

    def log_deletions(  # type: ignore[override]
        self, request: HttpRequest, queryset: QuerySet
    ) -> None:
        pass

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        page = Paginator(self.changes_of(obj), HISTORY_PER_PAGE).get_page(request.GET.get("p"))
        lines = []
        for change in page:
            line = HistoryLine(
                change=change,
                when=roc_time(change.at),
                subject=change.subject(),
                content=from_to(change),
            )
            lines.append(line)
        context = {
            **self.admin_site.each_context(request),
            "title": f"異動紀錄：{obj}",
            "subtitle": None,
            "object": obj,
            "opts": self.opts,
            "module_name": self.opts.verbose_name_plural,
            "preserved_filters": self.get_preserved_filters(request),
            "page": page,
            "lines": lines,
        }
        # The tag {% url 'admin:…' %} asks the request which admin site it is in.
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/office_history.html", context)

    def changes_of(self, obj: models.Model) -> QuerySet[Change]:
        """The entries about a row, and those about what hangs on it and has no page of its own.

        What hangs on an action are its assignments; on accounts and departments, the memberships.
        """
        about = Q(model=self.opts.model_name, object_id=obj.pk)
        if isinstance(obj, User):
            about |= about_person(obj)
        if isinstance(obj, Department):
            about |= about_department(obj)
        if isinstance(obj, Action):
            # By the action, since an assignment that was deleted can be found in no other way.
            about |= Q(action=obj)
        return Change.objects.filter(about).select_related("by")
