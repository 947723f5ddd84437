"""What a person may ask: the mails with the link, and those who are counted and gone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0005_retention'),
    ]

    operations = [
        migrations.CreateModel(
            name='DataMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('blind', models.BinaryField(db_index=True, max_length=16)),
            ],
            options={
                'verbose_name': 'data mail',
                'verbose_name_plural': 'data mails',
            },
        ),
        migrations.AddField(
            model_name='tally',
            name='erased',
            field=models.PositiveIntegerField(default=0, verbose_name='erased since'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.CheckConstraint(condition=models.Q(('erased__lte', models.F('confirmed'))), name='no_more_are_erased_than_were_counted'),
        ),
        migrations.AddField(
            model_name='datamail',
            name='message',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to='tocsin.message'),
        ),
    ]
