"""A block that shows one table of a result hands out that table only; blocks that are live now are looked up."""

from typing import Any

from django.db import migrations, models

from lodestock_desk.dossiers.split import blocks_of, table_of


def name_tables(apps: Any, editor: Any) -> None:
    """Say of every kept result of a table block which table it was."""
    kept_results = apps.get_model("dossiers", "KeptResult")
    for kind in ("DossierPage", "ScenarioPage"):
        for page in apps.get_model("dossiers", kind).objects.all():
            for _section, block in blocks_of(page.body.raw_data):
                held = kept_results.objects.filter(page_id=page.pk, block=str(block.get("id") or ""), entry="")
                for kept in held.select_related("content") if block.get("type") == "table" else ():
                    kept_results.objects.filter(pk=kept.pk).update(table=table_of(block, kept.content.tables))


class Migration(migrations.Migration):
    dependencies = (("dossiers", "0002_pages"),)

    operations = (
        migrations.AddField(
            model_name="keptresult", name="table", field=models.CharField(blank=True, default="", max_length=60),
            preserve_default=False,
        ),
        migrations.RunPython(name_tables, migrations.RunPython.noop, elidable=True),
    )  # fmt: skip
