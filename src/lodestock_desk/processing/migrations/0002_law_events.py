"""Events of the screening (art. 11(5)) and of the cut-off date (art. 7(4))."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("processing", "0001_initial"),)

    operations = (
        migrations.AlterField(
            model_name="projectevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("applied", "Application for recognition as Strategic Project sent (art. 7)"),
                    ("recognition_cutoff", "Cut-off date of the round in which the application takes part (art. 7)"),
                    ("recognition_complete", "Commission: the application is complete (art. 7)"),
                    ("recognised", "Notified of recognition as Strategic Project (art. 7)"),
                    ("refused", "Recognition refused (art. 7)"),
                    ("screening_asked", "Information sent to decide whether an impact assessment is needed (art. 11)"),
                    ("screened", "Decided whether an impact assessment is needed (art. 11)"),
                    ("scoping_asked", "Scoping opinion asked (art. 12)"),
                    ("scoping_given", "Scoping opinion given (art. 12)"),
                    ("submitted", "Permit application received (art. 11)"),
                    ("more_asked", "Asked for what is missing (art. 11)"),
                    ("supplemented", "Missing parts received (art. 11)"),
                    ("complete", "Permit application acknowledged as complete (art. 11)"),
                    ("eia_complete", "All environmental information received, consultations completed (art. 12)"),
                    ("conclusion", "Reasoned conclusion given (art. 12)"),
                    ("suspended", "Clock stopped"),
                    ("extended", "Term extended (once)"),
                    ("decided", "Comprehensive decision notified (art. 11)"),
                    ("reported", "Progress report sent to the Commission (art. 8)"),
                    ("withdrawn", "Project withdrawn"),
                ],
                max_length=24,
                verbose_name="what happened",
            ),
        ),
    )
