"""承辦人 of a 分辦. None, as all rows start, means what it meant before: the whole department."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("items", "0010_reopened_periods")]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="contact",
            field=models.ForeignKey(
                blank=True,
                help_text="這個單位的人員；留白就是單位全體。其他同仁仍然可以填報。",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contact_of",
                to=settings.AUTH_USER_MODEL,
                verbose_name="承辦人",
            ),
        ),
    ]
