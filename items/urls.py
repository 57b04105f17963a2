"""The pages and their addresses; those of a year begin with its number, as in /115/plan/."""

from django.contrib.auth import views as auth_views
from django.urls import path

from items.views import (
    action_edit,
    actions,
    batches,
    contacts,
    departments,
    downloads,
    home,
    inbox,
    manage,
    offline,
    periods,
    plan,
    plan_import,
    plan_parts,
    record,
    report_form,
    report_page,
    review,
    session,
    todo,
    years,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("login/", home.LoginView.as_view(), name="login"),
    path("session/", session.session, name="session"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("password/", home.PasswordChangeView.as_view(), name="password_change"),
    path(
        "password/done/", auth_views.PasswordChangeDoneView.as_view(), name="password_change_done"
    ),
    path("<int:year>/manage/", manage.manage, name="manage"),
    path("<int:year>/departments/", departments.departments, name="departments"),
    path("<int:year>/departments/<int:pk>/", departments.department, name="department"),
    path(
        "<int:year>/departments/<int:pk>/<slug:step>/",
        departments.department_step,
        name="department_step",
    ),
    path("<int:year>/plan/", plan.plan, name="plan"),
    path("<int:year>/plan/export.<str:format>", plan.plan_export, name="plan_export"),
    path("<int:year>/plan/outline/", plan_parts.plan_outline, name="plan_outline"),
    path("<int:year>/plan/<slug:level>/new/", plan_parts.part_new, name="part_new"),
    path("<int:year>/plan/<slug:level>/<int:pk>/edit/", plan_parts.part_edit, name="part_edit"),
    path(
        "<int:year>/plan/<slug:level>/<int:pk>/delete/", plan_parts.part_delete, name="part_delete"
    ),
    path("<int:year>/actions/new/", action_edit.action_new, name="action_new"),
    path("<int:year>/actions/<str:code>/", actions.action, name="action"),
    path("<int:year>/contacts/", contacts.contacts, name="contacts"),
    path("<int:year>/actions/<str:code>/edit/", action_edit.action_edit, name="action_edit"),
    path("<int:year>/actions/<str:code>/delete/", action_edit.action_delete, name="action_delete"),
    path("<int:year>/deadline/", action_edit.deadline_reading, name="deadline_reading"),
    path("<int:year>/todo/", todo.todo, name="todo"),
    path(
        "<int:year>/assignments/<int:pk>/report/<int:number>/",
        report_form.report_form,
        name="report_form",
    ),
    path("<int:year>/reports/<int:pk>/", report_page.report, name="report"),
    path("<int:year>/reports/<int:pk>/<slug:step>/", report_page.report_step, name="report_step"),
    path("<int:year>/inbox/", inbox.inbox, name="inbox"),
    path("<int:year>/review/", review.review, name="review"),
    path("<int:year>/periods/", periods.periods, name="periods"),
    path("<int:year>/periods/layout/", periods.period_layout, name="period_layout"),
    path("<int:year>/periods/<int:number>/<slug:step>/", periods.period_step, name="period_step"),
    path("<int:year>/state/<slug:step>/", years.year_step, name="year_step"),
    path("<int:year>/record/", record.record, name="record"),
    path("<int:year>/record/export.<slug:format>", record.record_export, name="record_export"),
    path("<int:year>/export.<slug:format>", downloads.programme_export, name="programme_export"),
    path(
        "<int:year>/periods/<int:number>/export.<slug:format>",
        downloads.progress_export,
        name="progress_export",
    ),
    path("<int:year>/offline/<int:number>/", offline.offline, name="offline"),
    path(
        "<int:year>/offline/<int:number>/<int:department>.xlsx",
        offline.offline_file,
        name="offline_file",
    ),
    path(
        "<int:year>/offline/<int:number>/<slug:reference>/",
        offline.offline_preview,
        name="offline_preview",
    ),
    path(
        "<int:year>/offline/<int:number>/<slug:reference>/confirm/",
        offline.offline_confirm,
        name="offline_confirm",
    ),
    path("<int:year>/import/", plan_import.import_upload, name="import_upload"),
    path("<int:year>/import/<slug:reference>/", plan_import.import_preview, name="import_preview"),
    path(
        "<int:year>/import/<slug:reference>/codes/", plan_import.import_codes, name="import_codes"
    ),
    path(
        "<int:year>/import/<slug:reference>/departments/",
        plan_import.import_departments,
        name="import_departments",
    ),
    path(
        "<int:year>/import/<slug:reference>/confirm/",
        plan_import.import_confirm,
        name="import_confirm",
    ),
    path(
        "<int:year>/import/<slug:reference>/<slug:what>.<slug:format>",
        plan_import.import_list,
        name="import_list",
    ),
    path("<int:year>/imports/", batches.batches, name="batches"),
    path("<int:year>/imports/<int:pk>/", batches.batch, name="batch"),
    path("<int:year>/imports/<int:pk>/file/", batches.batch_file, name="batch_file"),
    path("<int:year>/imports/<int:pk>/undo/", batches.batch_undo, name="batch_undo"),
]
