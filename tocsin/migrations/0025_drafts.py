"""Campaigns that are prepared before they open, and their test runs."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0024_rules'),
    ]

    operations = [
        migrations.CreateModel(
            name='Rehearsal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('language', models.CharField(max_length=12, verbose_name='language')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('sealed', models.BinaryField()),
                ('mark', models.CharField(blank=True, default='', max_length=16)),
            ],
            options={
                'verbose_name': 'test run',
                'verbose_name_plural': 'test runs',
            },
        ),
        migrations.CreateModel(
            name='RehearsalMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_letter', models.BooleanField(verbose_name='letter')),
            ],
            options={
                'verbose_name': 'mail of a test run',
                'verbose_name_plural': 'mails of test runs',
            },
        ),
        migrations.AddField(
            model_name='campaign',
            name='is_template',
            field=models.BooleanField(default=False, verbose_name='template'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='opens_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='opens at'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='tested_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='letters seen at'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='tested_mark',
            field=models.CharField(blank=True, default='', editable=False, max_length=16),
        ),
        migrations.AlterField(
            model_name='campaign',
            name='state',
            field=models.CharField(choices=[('draft', 'in preparation'), ('open', 'open'), ('paused', 'paused'), ('closed', 'closed'), ('won', 'won'), ('archived', 'archived')], default='open', max_length=20, verbose_name='state'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('opens_at__isnull', True), ('state', 'draft'), _connector='OR'), name='only_a_draft_waits_to_open'),
        ),
        migrations.AddField(
            model_name='rehearsal',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rehearsals', to='tocsin.campaign'),
        ),
        migrations.AddField(
            model_name='rehearsalmail',
            name='message',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to='tocsin.message'),
        ),
        migrations.AddField(
            model_name='rehearsalmail',
            name='rehearsal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='tocsin.rehearsal'),
        ),
    ]
