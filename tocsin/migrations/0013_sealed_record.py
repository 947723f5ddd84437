"""The sealed record: who took part, for the readers of the organisation alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0012_ending'),
    ]

    operations = [
        migrations.CreateModel(
            name='SealedRecord',
            fields=[
                ('supporter', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='record', serialize=False, to='tocsin.supporter')),
                ('sealed', models.BinaryField()),
                ('readers', models.CharField(max_length=32)),
                ('later', models.BinaryField(default=b'')),
                ('later_readers', models.CharField(blank=True, max_length=32)),
                ('is_behind', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'sealed record',
                'verbose_name_plural': 'sealed records',
            },
        ),
    ]
