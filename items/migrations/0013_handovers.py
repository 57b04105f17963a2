"""業務移交: what went from one person to another, for the list that people sign."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("items", "0012_copy_of_the_newest_report"),
    ]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="時間")),
                ("summary", models.TextField(verbose_name="移交內容")),
                ("content", models.JSONField(blank=True, default=dict, verbose_name="明細")),
                (
                    "undone_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="交還時間"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="辦理人",
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers_given",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="移交人",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers_received",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="接收人",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="交還辦理人",
                    ),
                ),
            ],
            options={
                "verbose_name": "業務移交",
                "verbose_name_plural": "業務移交",
                "ordering": ["-at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("undone_at", None), ("undone_by", None))
                        | Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                        name="handover_undone_pair",
                    ),
                    models.CheckConstraint(
                        condition=~Q(("giver", F("receiver"))), name="handover_to_somebody_else"
                    ),
                ],
            },
        ),
    ]
