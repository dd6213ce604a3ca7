"""Who holds an office from a day to come on, and who was reminded of which day."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEY = models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)
MADE = models.DateTimeField(auto_now_add=True, db_index=True)
PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = (
        ("accounts", "0001_initial"), ("parliament", "0003_held_back"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )  # fmt: skip

    operations = (
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", KEY),
                ("created_at", MADE),
                ("on", models.DateField(verbose_name="from")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("done", models.BooleanField(default=False)),
                ("made_by", models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("membership", models.ForeignKey(
                    blank=True, null=True, on_delete=PROTECT, related_name="+", to="accounts.membership"
                )),
                ("office", models.ForeignKey(on_delete=PROTECT, related_name="appointments", to="accounts.office")),
            ],
            options={
                "ordering": ("on", "created_at"),
                "constraints": (
                    models.UniqueConstraint(
                        condition=models.Q(("done", False)), fields=("office",), name="appointment_of_office_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("done", False)), fields=("membership",), name="appointment_of_member_once"
                    ),
                ),
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", KEY),
                ("created_at", MADE),
                ("deadline", models.UUIDField()),
                ("due_on", models.DateField()),
                ("moment", models.CharField(
                    choices=(("soon", "The day is near"), ("late", "The day has passed")), max_length=6
                )),
                ("person", models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("piece", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="parliament.piece"
                )),
            ],
            options={
                "constraints": (
                    models.UniqueConstraint(fields=("deadline", "due_on", "moment", "person"), name="reminder_once"),
                ),
            },
        ),
    )  # fmt: skip
