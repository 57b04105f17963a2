"""通知: what somebody was told, opened one by one or marked as read all at once."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from items import access
from items.models import Notice, Programme
from items.models.notices import NoticeQuerySet
from items.requests import OfficeRequest, key_in
from items.workflow.notices import DAYS_KEPT, mark_read
from items.worklists.notice_addresses import address_of
from items.worklists.notices import notice_days, with_what_is_shown

PER_PAGE = 50
UNREAD = "unread"
"""What `show` in the address limits the list to."""


@require_safe
def notices(request: OfficeRequest) -> HttpResponse:
    visible = access.visible_notices(request.user)
    shows_unread = request.GET.get("show") == UNREAD
    shown = visible
    if shows_unread:
        shown = visible.unread()
    page = Paginator(with_what_is_shown(shown), PER_PAGE).get_page(request.GET.get("page"))
    # The newest of all, also where the list is limited: 全部標示為已讀 reads as far as this one.
    newest = visible.order_by("-pk").first()
    context = {
        "page": page,
        "days": notice_days(page.object_list, request.today),
        "shows_unread": shows_unread,
        "number": page.paginator.count,
        "newest": newest,
        "days_kept": DAYS_KEPT,
    }
    return render(request, "items/notices.html", context)


@require_POST
def notice_open(request: OfficeRequest, pk: int) -> HttpResponse:
    """Mark one as read, and go where it leads: by a button, since a link must not write."""
    notice = access.get_notice(request.user, pk)
    mark_read(Notice.objects.filter(pk=notice.pk), at=request.now)
    address = address_of(request.user, notice, _home(request))
    if address:
        return redirect(address)
    what = notice.data.get("what", "")
    messages.info(request, f"「{what}」已經刪除，或您已經不能查看；這則通知已標示為已讀。")
    return redirect("notices")


@require_POST
def notices_read(request: OfficeRequest) -> HttpResponse:
    """全部標示為已讀: as many as the person has seen listed, not what came since."""
    seen = _seen(request, access.visible_notices(request.user))
    number = mark_read(seen, at=request.now)
    if number:
        messages.success(request, f"已將 {number:,} 則通知標示為已讀。")
    else:
        messages.info(request, "沒有未讀的通知，沒有變動。")
    return redirect(reverse("notices"))


def _seen(request: OfficeRequest, visible: NoticeQuerySet) -> NoticeQuerySet:
    newest = key_in(request.POST.get("newest", ""))
    if newest is None:
        return visible.none()
    return visible.filter(pk__lte=newest)


def _home(request: OfficeRequest) -> Programme | None:
    programmes = access.years_home_first(request.today)
    return access.home_programme(request.user, programmes)
