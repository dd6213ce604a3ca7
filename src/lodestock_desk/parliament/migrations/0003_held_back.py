"""One more kind of finding: what a dossier holds back."""

from django.db import migrations, models

KINDS = (
    ("stale_number", "Number that has changed since"), ("no_lineage", "Number without lineage"),
    ("rule_past_date", "Rule past its date"), ("restricted", "Restricted content"),
    ("held_back", "Number or figure that a dossier holds back"), ("no_alt", "Picture without a description"),
    ("abbreviation", "Abbreviation that is not explained"),
    ("not_distinguishable", "Conclusion on a difference that cannot be told apart"),
    ("licence_as_ban", "Licence obligation worded as a stop"),
    ("planned_as_existing", "Planned stock worded as existing"),
    ("promise", "Promise that is not among the commitments"), ("translation", "Dutch and English differ"),
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = (("parliament", "0002_ended_at"),)

    operations = (
        migrations.AlterField(
            model_name="founditem", name="kind", field=models.CharField(choices=KINDS, max_length=24)
        ),
    )  # fmt: skip
