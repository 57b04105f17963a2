"""落後因素, 待協調事項 and 預計趕上月份 of a report, and the list that the first is chosen from."""

from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Concat

import items.models.folded
import items.models.programme


def lengthen_folded_words(apps, schema_editor):
    """The two new texts are empty in every report: an empty line for each."""
    ProgressReport = apps.get_model("items", "ProgressReport")
    ProgressReport.objects.update(
        folded=Concat(F("folded"), Value("\n\n"), output_field=models.TextField())
    )


class Migration(migrations.Migration):

    dependencies = [
        ('items', '0022_what_was_found_in_a_file'),
    ]

    operations = [
        migrations.AddField(
            model_name='programme',
            name='delay_factors',
            field=models.TextField(blank=True, default=items.models.programme.usual_delay_factors, help_text='一行一個，填報落後時從這裡選；留白就不問。已經填報的不受影響。', verbose_name='落後因素'),
        ),
        migrations.AddField(
            model_name='progressreport',
            name='catch_up_month',
            field=models.CharField(blank=True, max_length=10, verbose_name='預計趕上月份'),
        ),
        migrations.AddField(
            model_name='progressreport',
            name='coordination',
            field=models.TextField(blank=True, max_length=5000, verbose_name='待協調事項'),
        ),
        migrations.AddField(
            model_name='progressreport',
            name='delay_factor',
            field=models.CharField(blank=True, max_length=50, verbose_name='落後因素'),
        ),
        migrations.AlterField(
            model_name='progressreport',
            name='folded',
            field=items.models.folded.FoldedField(sources=('text', 'delay_reason', 'remedy', 'delay_factor', 'coordination')),
        ),
        migrations.AddConstraint(
            model_name='progressreport',
            constraint=models.CheckConstraint(condition=models.Q(('delay_factor__length__lte', 50)), name='report_delay_factor_length', violation_error_message='文字太長，最多 50 個字。'),
        ),
        migrations.AddConstraint(
            model_name='progressreport',
            constraint=models.CheckConstraint(condition=models.Q(('coordination__length__lte', 5000)), name='report_coordination_length', violation_error_message='文字太長，最多 5000 個字。'),
        ),
        migrations.AddConstraint(
            model_name='progressreport',
            constraint=models.CheckConstraint(condition=models.Q(('catch_up_month__length__lte', 10)), name='report_catch_up_month_length', violation_error_message='文字太長，最多 10 個字。'),
        ),
        # Last: PostgreSQL changes no table in which the same transaction has changed rows.
        migrations.RunPython(lengthen_folded_words, migrations.RunPython.noop),
    ]
