"""The salts of drafts that were thrown away, until their files are destroyed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0033_deeds'),
    ]

    operations = [
        migrations.CreateModel(
            name='LeftSalt',
            fields=[
                ('name', models.UUIDField(primary_key=True, serialize=False)),
            ],
            options={
                'verbose_name': 'salt of a discarded draft',
                'verbose_name_plural': 'salts of discarded drafts',
            },
        ),
    ]
