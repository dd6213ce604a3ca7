import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = (
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )

    operations = (
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, db_index=True)),
                ("name", models.CharField(max_length=120, verbose_name="what it is for")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("analyst", "Analyst"),
                            ("policy_officer", "Policy officer"),
                            ("association_desk", "Association desk"),
                            ("company_user", "Company user"),
                            ("contact_point_officer", "Contact point officer"),
                            ("line", "Line"),
                            ("signatory", "Signatory"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=30,
                        verbose_name="reads as",
                    ),
                ),
                ("scopes", models.JSONField(default=list, verbose_name="opens")),
                ("hashed", models.CharField(max_length=64, unique=True)),
                ("begins", models.CharField(max_length=12, verbose_name="begins with")),
                ("valid_until", models.DateField(verbose_name="valid until")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at",),
            },
        ),
    )
