"""By which channel people come, as sums."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A table more; nothing is known of those who came before."""

    dependencies = [("tocsin", "0015_states_and_look")]

    operations = [
        migrations.CreateModel(
            name="SourceCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=60, verbose_name="source")),
                ("day", models.DateField(verbose_name="day")),
                ("slot", models.PositiveSmallIntegerField()),
                ("taken", models.PositiveIntegerField(default=0, verbose_name="forms taken")),
                ("confirmed", models.PositiveIntegerField(default=0, verbose_name="confirmed")),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="tocsin.campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "source count",
                "verbose_name_plural": "source counts",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "source", "day", "slot"),
                        name="a_source_has_a_row_a_day_and_slot",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="a_source_has_a_name",
                    ),
                ],
            },
        ),
    ]
