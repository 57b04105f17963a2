"""Closing keeps the mean progress of a period; what was closed before gets it by check_figures --rebuild."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("items", "0019_words_folded_for_searching"),
    ]

    operations = [
        migrations.AddField(
            model_name="period",
            name="closed_actual",
            field=models.PositiveSmallIntegerField(
                blank=True, editable=False, null=True, verbose_name="關閉時實際進度（%）"
            ),
        ),
        migrations.AddField(
            model_name="period",
            name="closed_planned",
            field=models.PositiveSmallIntegerField(
                blank=True, editable=False, null=True, verbose_name="關閉時預定進度（%）"
            ),
        ),
    ]
