"""What was handed over is emptied after two days, and a campaign ends with its salt."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from tocsin.kit.seal import make_salt, read_salt


def into_files(apps, schema_editor):
    """Each salt becomes a key file, on the disk before the column goes: who was known stays known.

    Emptied first, so that a vacuum of the table takes the old bytes. Begun again after a power
    cut it finds the files that it made: no copy of a salt is left under another name.
    """
    for campaign in apps.get_model("tocsin", "Campaign").objects.all():
        campaign.salt_name = uuid.uuid5(uuid.NAMESPACE_OID, f"salt of campaign {campaign.pk}")
        make_salt(campaign.salt_name, salt=bytes(campaign.salt))
        campaign.salt = b""
        campaign.save(update_fields=["salt_name", "salt"])


def into_the_column(apps, schema_editor):
    for campaign in apps.get_model("tocsin", "Campaign").objects.filter(erased_on=None):
        campaign.salt = read_salt(campaign.salt_name)
        campaign.save(update_fields=["salt"])


class Migration(migrations.Migration):

    dependencies = [("tocsin", "0011_ways_permitted")]

    operations = [
        migrations.CreateModel(
            name="Walk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateTimeField()),
                ("after", models.UUIDField(null=True)),
            ],
            options={
                "verbose_name": "walk of retention",
                "verbose_name_plural": "walks of retention",
            },
        ),
        migrations.AddField(
            model_name="campaign",
            name="salt_name",
            field=models.UUIDField(null=True, editable=False),
        ),
        migrations.AddField(
            model_name="campaign",
            name="erased_on",
            field=models.DateField(editable=False, null=True, verbose_name="erased on"),
        ),
        migrations.RunPython(into_files, into_the_column),
        migrations.AlterField(
            model_name="campaign",
            name="salt_name",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.RemoveField(model_name="campaign", name="salt"),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("erased_on__isnull", True), ("state", "closed"), _connector="OR"),
                name="an_erased_campaign_stays_closed",
            ),
        ),
        migrations.CreateModel(
            name="Ending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen", models.DateField()),
                ("state", models.CharField(choices=[("ended", "ended"), ("closing", "being erased"), ("done", "erased")], default="ended", max_length=20)),
                ("counts", models.JSONField(default=dict)),
                ("campaign", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="ending", to="tocsin.campaign")),
            ],
            options={
                "verbose_name": "end of a campaign",
                "verbose_name_plural": "ends of campaigns",
                "ordering": ("seen", "pk"),
            },
        ),
        migrations.AddField(
            model_name="retentionreport",
            name="about",
            field=models.CharField(blank=True, default="", max_length=50),
        ),
        migrations.AlterField(
            model_name="retentionreport",
            name="what",
            field=models.CharField(choices=[("day", "the key of a day, and what was sealed with it"), ("unconfirmed", "letters that nobody confirmed"), ("campaign", "what a campaign knew of those who took part")], max_length=20),
        ),
    ]
