"""The check of a code takes plain figures only; no data change, and old codes stay."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("items", "0005_report_keeps_planned_percent"),
    ]

    operations = [
        migrations.AlterField(
            model_name="action",
            name="code",
            field=models.CharField(
                error_messages={"unique": "這個項次編號已經有人使用。"},
                max_length=12,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        "^1[0-9]{2}-[0-9]{2,5}\\Z",
                        "項次編號的寫法是年度、連字號、流水號，都用半形，例如 115-01。",
                    )
                ],
                verbose_name="項次編號",
            ),
        ),
    ]
