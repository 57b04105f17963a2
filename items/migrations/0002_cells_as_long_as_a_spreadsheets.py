"""Cells of the plan may be as long as those of a spreadsheet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("items", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="action",
            name="action_title_length",
        ),
        migrations.RemoveConstraint(
            model_name="action",
            name="action_expected_benefit_length",
        ),
        migrations.RemoveConstraint(
            model_name="method",
            name="method_title_length",
        ),
        migrations.RemoveConstraint(
            model_name="plan",
            name="plan_title_length",
        ),
        migrations.RemoveConstraint(
            model_name="strategy",
            name="strategy_title_length",
        ),
        migrations.AlterField(
            model_name="action",
            name="expected_benefit",
            field=models.CharField(blank=True, max_length=32767, verbose_name="預期效益"),
        ),
        migrations.AlterField(
            model_name="action",
            name="title",
            field=models.CharField(max_length=32767, verbose_name="具體推動作法"),
        ),
        migrations.AlterField(
            model_name="method",
            name="title",
            field=models.CharField(max_length=32767, verbose_name="推動方法"),
        ),
        migrations.AlterField(
            model_name="plan",
            name="title",
            field=models.CharField(max_length=32767, verbose_name="執行計畫"),
        ),
        migrations.AlterField(
            model_name="strategy",
            name="title",
            field=models.CharField(max_length=32760, verbose_name="實施策略"),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("title__length__lte", 32767)),
                name="action_title_length",
                violation_error_message="文字太長，最多 32767 個字。",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("expected_benefit__length__lte", 32767)),
                name="action_expected_benefit_length",
                violation_error_message="文字太長，最多 32767 個字。",
            ),
        ),
        migrations.AddConstraint(
            model_name="method",
            constraint=models.CheckConstraint(
                condition=models.Q(("title__length__lte", 32767)),
                name="method_title_length",
                violation_error_message="文字太長，最多 32767 個字。",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(("title__length__lte", 32767)),
                name="plan_title_length",
                violation_error_message="文字太長，最多 32767 個字。",
            ),
        ),
        migrations.AddConstraint(
            model_name="strategy",
            constraint=models.CheckConstraint(
                condition=models.Q(("title__length__lte", 32760)),
                name="strategy_title_length",
                violation_error_message="文字太長，最多 32760 個字。",
            ),
        ),
    ]
