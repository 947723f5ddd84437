"""Permissions of their own for the ways to take part in which nobody is named."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0010_collective'),
    ]

    operations = [
        migrations.AlterField(
            model_name='consentwording',
            name='purpose',
            field=models.CharField(
                choices=[
                    ('send', 'send a letter in my name'),
                    ('send_shielded', 'send a letter without my name'),
                    ('send_lent', 'count my voice'),
                    ('news', 'send me news'),
                ],
                max_length=20,
                verbose_name='purpose',
            ),
        ),
    ]
