"""Indexes along which long lists are read, newest first, and open reports are counted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("signals", "0001_initial")]  # noqa: RUF012
    operations = [  # noqa: RUF012
        migrations.RemoveIndex(model_name="report", name="report_receiver_created"),
        migrations.RemoveIndex(model_name="report", name="report_receiver_state"),
        *(
            migrations.AddIndex(model_name="report", index=models.Index(fields=fields, name=name))
            for fields, name in (
                (["receiver", "-created_at", "id"], "report_receiver_newest"),
                (["receiver", "state", "-created_at", "id"], "report_receiver_state_newest"),
                (["receiver", "material", "-created_at", "id"], "report_receiver_material"),
                (["receiver", "state", "material"], "report_receiver_open"),
            )
        ),
    ]
