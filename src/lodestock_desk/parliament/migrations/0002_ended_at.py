"""A delegation ends at a moment; a version says whether any of it is restricted, so that reading it is recorded."""

from typing import Any

from django.db import migrations, models

from lodestock_desk.parliament.text import read_content


def mark_restricted(apps: Any, editor: Any) -> None:
    """Say of every version that is kept whether any block or annex of it is restricted."""
    versions = apps.get_model("parliament", "Version").objects
    for version in versions.only("pk", "content").iterator(chunk_size=200):
        if read_content(version.content).restricted():
            versions.filter(pk=version.pk).update(restricted=True)


class Migration(migrations.Migration):
    dependencies = (("parliament", "0001_initial"),)

    operations = (
        migrations.AddField(
            model_name="delegation", name="ended_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="ended"),
        ),
        migrations.AddField(
            model_name="version", name="restricted", field=models.BooleanField(default=False, editable=False)
        ),
        migrations.RunPython(mark_restricted, migrations.RunPython.noop, elidable=True),
    )  # fmt: skip
