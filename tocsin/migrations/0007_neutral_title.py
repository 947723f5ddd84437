"""A title that names nothing, for those whose telephone is looked at."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Empty on every page that is there: nothing changes until somebody chooses one."""

    dependencies = [("tocsin", "0006_rights")]

    operations = [
        migrations.AddField(
            model_name="campaignpage",
            name="neutral_title",
            field=models.CharField(
                blank=True,
                default="",
                help_text=(
                    "What the browser’s tab and history show in place of the title, for those "
                    "whose telephone is looked at. The history keeps the page’s address too: give "
                    "it a neutral short name. Empty: the title itself. Our mails never carry the "
                    "title in the subject."
                ),
                max_length=80,
                verbose_name="neutral title",
            ),
        ),
    ]
