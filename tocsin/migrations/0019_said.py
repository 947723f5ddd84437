"""Postal addresses, addresses that may be shown, and what people say of letters of their own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """No address that is there already may be shown: nobody has said so."""

    dependencies = [
        ("tocsin", "0018_partners"),
    ]

    operations = [
        migrations.AddField(
            model_name="target",
            name="postal_address",
            field=models.TextField(
                blank=True,
                default="",
                help_text="As it stands on an envelope, a line each, with the country. It is shown to everybody who writes by themselves.",
                max_length=500,
                verbose_name="postal address",
            ),
        ),
        migrations.AddField(
            model_name="targetaddress",
            name="is_public",
            field=models.BooleanField(
                default=False,
                help_text="Then whoever writes by themselves is shown it. An address that stands on a page is collected by machines and gets unwanted mail, and some targets close it: show only what they publish themselves.",
                verbose_name="may be shown to the public",
            ),
        ),
        migrations.CreateModel(
            name="SaidCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[("mail", "by e-mail"), ("post", "by post")],
                        max_length=8,
                        verbose_name="how",
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("slot", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField(default=0, verbose_name="number")),
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
                "verbose_name": "said count",
                "verbose_name_plural": "said counts",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "how", "day", "slot"),
                        name="what_was_said_has_a_row_a_day_and_slot",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ("mail", "post"))),
                        name="who_says_it_says_how",
                    ),
                ],
            },
        ),
    ]
