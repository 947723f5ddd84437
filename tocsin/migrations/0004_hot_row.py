"""Four indexes fewer on what every letter writes: nobody asked them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """No row changes."""

    dependencies = [("tocsin", "0003_delivery_engine")]

    operations = [
        migrations.AlterField(
            model_name="attempt",
            name="message",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="tries",
                to="tocsin.message",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="message_id",
            field=models.CharField(max_length=200, verbose_name="Message-ID"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                fields=("message_id",), name="a_message_id_is_of_one_message"
            ),
        ),
        migrations.AlterField(
            model_name="mailbox",
            name="domain",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mailboxes",
                to="tocsin.maildomain",
            ),
        ),
        migrations.AlterField(
            model_name="mailbox",
            name="address",
            field=models.EmailField(max_length=254, verbose_name="address"),
        ),
        migrations.AddConstraint(
            model_name="mailbox",
            constraint=models.UniqueConstraint(
                fields=("address",), name="a_mailbox_has_its_own_address"
            ),
        ),
    ]
