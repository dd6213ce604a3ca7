"""A block may hold the same number of two results or two days: each is kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("dossiers", "0003_one_table"),)

    operations = (
        migrations.RemoveConstraint(model_name="keptresult", name="kept_result_once"),
        migrations.AddConstraint(
            model_name="keptresult",
            constraint=models.UniqueConstraint(
                fields=("page", "block", "entry", "name", "day"), name="kept_result_once"
            ),
        ),
    )
