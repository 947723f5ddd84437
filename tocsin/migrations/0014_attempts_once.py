"""An attempt is written once, when it has ended; what is on the line stands in the message."""

from django.db import migrations, models

# A worker that was killed left them: its messages go into doubt, with an attempt of their own.
WITHOUT_AN_END = "DELETE FROM tocsin_attempt WHERE outcome = ''"


class Migration(migrations.Migration):
    """Workers stand still meanwhile, as at every migration."""

    dependencies = [("tocsin", "0013_sealed_record")]

    operations = [
        migrations.RunSQL(WITHOUT_AN_END, migrations.RunSQL.noop),
        migrations.AlterField(
            "attempt", "outcome", models.CharField(max_length=20, verbose_name="outcome")
        ),
        migrations.AddConstraint(
            "attempt",
            models.CheckConstraint(
                name="an_attempt_is_written_when_it_is_over",
                condition=models.Q(("outcome", ""), _negated=True),
            ),
        ),
    ]
