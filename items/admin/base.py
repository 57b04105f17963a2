"""What all pages of the back office share: every write leaves its history, and the history is shown."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from items.admin.dependants import with_dependants
from items.admin.plain_fields import PlainFields
from items.admin.words import from_to, roc_time, subject
from items.models import Action, Change, Door
from items.workflow import WorkflowError, history

HISTORY_PER_PAGE = 50


class OfficeAdmin(PlainFields, admin.ModelAdmin):
    """Every write goes through the workflow, so that the history says who, when, from what, to what."""

    actions_on_top = True
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 200
    save_on_top = False
    delete_confirmation_max_display = 50

    def changelist_view(self, request, extra_context=None):
        titles = {"title": self.opts.verbose_name_plural, "subtitle": None}
        return super().changelist_view(request, titles | (extra_context or {}))

    def stamp(self, request):
        return {"by": request.user, "at": request.now, "door": Door.ADMIN}

    def save_model(self, request, obj, form, change):
        history.save(obj, **self.stamp(request))

    def delete_model(self, request, obj):
        for row in with_dependants(obj):
            history.delete(row, **self.stamp(request))

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            if self.model._base_manager.filter(
                pk=obj.pk
            ).exists():  # else it went along with one before it
                self.delete_model(request, obj)

    def save_formset(self, request, form, formset, change):
        formset.save(commit=False)
        for row in formset.deleted_objects:
            self.delete_model(request, row)
        for row in [row for row, _ in formset.changed_objects] + formset.new_objects:
            history.save(row, **self.stamp(request))
        formset.save_m2m()

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What the workflow refuses is said in its words; nothing has been written then."""
        try:
            title = self.opts.verbose_name if object_id else f"新增{self.opts.verbose_name}"
            return super().changeform_view(
                request, object_id, form_url, {"title": title} | (extra_context or {})
            )
        except (ValidationError, WorkflowError) as error:
            words = error.messages if isinstance(error, ValidationError) else [str(error)]
            messages.error(request, f"沒有儲存：{''.join(words)}")
            return redirect(request.get_full_path())

    # Django's own log would say the same once more, without the values, and can be edited.

    def log_addition(self, request, obj, message):
        pass

    def log_change(self, request, obj, message):
        pass

    def log_deletions(self, request, queryset):
        pass

    def history_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        about = Q(model=self.opts.model_name, object_id=obj.pk)
        if isinstance(obj, Action):
            about |= Q(action=obj)  # its assignments too, those that are gone as well
        found = Change.objects.filter(about).select_related("by")
        page = Paginator(found, HISTORY_PER_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"異動紀錄：{obj}",
            "subtitle": None,
            "object": obj,
            "opts": self.opts,
            "module_name": self.opts.verbose_name_plural,
            "preserved_filters": self.get_preserved_filters(request),
            "page": page,
            "lines": [
                (change, roc_time(change.at), subject(change), from_to(change)) for change in page
            ],
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/office_history.html", context)


class ReadOnlyAdmin(OfficeAdmin):
    """To look at: nothing here is added, changed or deleted by hand."""

    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
