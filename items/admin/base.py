"""What all pages of the back office share: every write leaves its history."""

from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest, ValidationError
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from items import search
from items.admin.dependants import with_dependants
from items.admin.office_list import OfficeList
from items.admin.plain_fields import PlainFields
from items.admin.record_history import RecordHistory
from items.admin.stamp import Stamp
from items.admin.words import from_to, roc_time
from items.forms.overtaken import OfficeForm
from items.models import Change, Door
from items.requests import WAY_BACK, OfficeRequest, key_in, way_back
from items.workflow import WorkflowError, history, removing
from items.workflow.held_rows import held, hold

SEEN = "seen"
"""In the question before a deletion: the newest change of which its page knew."""


def office_request(request: HttpRequest) -> OfficeRequest:
    """The same request, for mypy: the site has let in somebody who is signed in."""
    return cast(OfficeRequest, request)


def not_deleted_words(newest: Change) -> str:
    """Why a row stays that was changed after the question whether it shall go."""
    when = roc_time(newest.at)
    return (
        f"沒有刪除：您開啟這一頁之後，{newest.by}在{when}改過"
        f"「{newest.subject()}」：{from_to(newest)}。請看過再決定是否刪除。"
    )


class OfficeAdmin(PlainFields, RecordHistory):
    """Every write goes through the workflow: the history says who, when, from what, to what."""

    form = OfficeForm
    actions_on_top = True
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 200
    save_on_top = False
    delete_confirmation_max_display = 50

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"title": self.opts.verbose_name_plural, "subtitle": None}
        context.update(extra_context or {})
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        # Django would ask the database for rows with this key, and answer with its error.
        if any(key_in(key) is None for key in chosen):
            raise BadRequest(ACTION_CHECKBOX_NAME)
        is_save = request.method == "POST" and "_save" in request.POST
        if not is_save or not self.list_editable:
            return super().changelist_view(request, context)
        ordering = self.ordering or ["pk"]
        with held(self.model._base_manager.order_by(*ordering)):
            return super().changelist_view(request, context)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """The search of the plan table; Django's own would compare the very characters."""
        fields = self.get_search_fields(request)
        if not fields:
            return queryset, False
        # PostgreSQL would answer this character with an error.
        words = search_term.replace("\0", "")
        matching = queryset.filter(search.in_some_field(fields, words))
        # A field of many rows would list an item twice; none of our search fields is one.
        return matching, False

    # The way back to the page that led to the back office, such as the list of first steps.

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[OfficeList]:
        return OfficeList

    def get_preserved_filters(self, request: HttpRequest) -> str:
        """What Django's links carry on from page to page: the filters, and the way back."""
        preserved = super().get_preserved_filters(request)
        address = way_back(request)
        if not address:
            return preserved
        carried = urlencode({WAY_BACK: address})
        if not preserved:
            return carried
        return f"{preserved}&{carried}"

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return self.returning(request) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return self.returning(request) or super().response_post_save_change(request, obj)

    def returning(self, request: HttpRequest) -> HttpResponseRedirect | None:
        """To where the person came from; None for somebody who came by the menu."""
        address = way_back(request)
        if not address:
            return None
        return redirect(address)

    # Writing.

    def stamp(self, request: HttpRequest) -> Stamp:
        """The keywords for a verb: `history.save(row, **self.stamp(request))`."""
        signed_in = office_request(request)
        return Stamp(by=signed_in.user, at=signed_in.now, door=Door.ADMIN)

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> type[forms.ModelForm]:
        # Rows that are edited in the list are overtaken as easily as a page.
        return super().get_changelist_form(request, **{"form": OfficeForm, **kwargs})

    def save_model(
        self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool
    ) -> None:
        history.save(obj, **self.stamp(request))

    def get_deleted_objects(
        self, objs: Sequence[models.Model] | QuerySet, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """What stays by our own rules is as protected as what the database protects."""
        names, counts, lacking, protected = super().get_deleted_objects(objs, request)
        for obj in objs:
            obstacle = removing.obstacle_to_removal(obj)
            if obstacle:
                protected.append(obstacle)
        return names, counts, lacking, protected

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        removing.require_removable(obj)
        # The database would take the dependants along by itself, without an entry for them.
        for row in with_dependants(obj):
            history.delete(row, **self.stamp(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for obj in queryset:
            # It may have gone along with a row before it.
            is_there = self.model._base_manager.filter(pk=obj.pk).exists()
            if is_there:
                self.delete_model(request, obj)

    def save_formset(
        self,
        request: HttpRequest,
        form: forms.ModelForm,
        formset: forms.BaseModelFormSet,
        change: bool,
    ) -> None:
        # Fills the formset's three lists, and writes nothing.
        formset.save(commit=False)
        for row in formset.deleted_objects:
            self.delete_model(request, row)
        for row, _changed_fields in formset.changed_objects:
            history.save(row, **self.stamp(request))
        for row in formset.new_objects:
            history.save(row, **self.stamp(request))
        formset.save_m2m()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """What the workflow refuses is said in its words; nothing has been written then."""
        title = self.opts.verbose_name
        if object_id is None:
            title = f"新增{title}"
        context = {"title": title, **(extra_context or {})}
        try:
            with transaction.atomic():
                if request.method == "POST" and object_id is not None:
                    self.lock(request, object_id)
                return super().changeform_view(request, object_id, form_url, context)
        except ValidationError as error:
            words = "".join(error.messages)
        except WorkflowError as error:
            words = str(error)
        messages.error(request, f"沒有儲存：{words}")
        return redirect(request.get_full_path())

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What somebody else has deleted is gone, which Django would call forbidden.

        What somebody has changed since the question was shown is shown again before it goes.
        """
        with transaction.atomic():
            if request.method == "POST":
                self.lock(request, object_id)
            obj = self.get_object(request, unquote(object_id))
            if obj is None:
                words = f"找不到這一筆{self.opts.verbose_name}，可能已經刪除。"
                messages.warning(request, words)
                return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
            newest = self.changes_of(obj).first()
            newest_key = ""
            if newest is not None:
                newest_key = str(newest.pk)
                # A script that has shown nothing is taken at its word.
                if request.POST.get(SEEN, newest_key) != newest_key:
                    messages.error(request, not_deleted_words(newest))
                    return redirect(request.get_full_path())
            context = {"seen": newest_key, **(extra_context or {})}
            return super().delete_view(request, object_id, context)

    def lock(self, request: HttpRequest, object_id: str) -> None:
        """Hold the record: when two people save at once, the second is compared with the first."""
        key = self.opts.pk.to_python(unquote(object_id))
        # By queries of their own: one that counts dependants cannot be locked in PostgreSQL.
        hold(self.model._base_manager.filter(pk=key))
        for inline in self.get_inline_instances(request):
            to_parent: Any = inline.get_formset(request).fk
            hold(inline.model._base_manager.filter(**{to_parent.name: key}).order_by("pk"))


class ReadOnlyAdmin(OfficeAdmin):
    """To look at: nothing is added, changed or deleted by hand."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
