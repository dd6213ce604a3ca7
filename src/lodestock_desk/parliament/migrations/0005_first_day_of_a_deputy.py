"""A deputy is told on the first day of standing in what waits."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("parliament", "0004_appointments_and_reminders"),)

    operations = (
        migrations.AlterField(
            model_name="reminder", name="moment",
            field=models.CharField(
                choices=(
                    ("soon", "The day is near"), ("late", "The day has passed"), ("first", "Standing in begins"),
                ),
                max_length=6,
            ),
        ),
    )  # fmt: skip
