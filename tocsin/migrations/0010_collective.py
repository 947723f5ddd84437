"""The collective letter: its words, its schedule, its editions; voices are counted beside the rest."""

import datetime
import django.db.models.deletion
import uuid
from django.db import migrations, models

COUNT_VOICES = """
    UPDATE tocsin_tally AS tally SET voices = (
        SELECT count(*) FROM tocsin_action AS action
        WHERE action.campaign_id = tally.campaign_id AND way = 'lent' AND counted)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0009_message_ids'),
    ]

    operations = [
        migrations.CreateModel(
            name='CollectiveLetter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('language', models.CharField(max_length=12, verbose_name='language')),
            ],
            options={
                'verbose_name': 'collective letter',
                'verbose_name_plural': 'collective letters',
            },
        ),
        migrations.CreateModel(
            name='CollectiveSchedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_at', models.DateTimeField(verbose_name='first letter')),
                ('every', models.DurationField(default=datetime.timedelta(days=7), verbose_name='every')),
                ('at_least', models.PositiveIntegerField(default=20, verbose_name='new voices, at least')),
                ('next_at', models.DateTimeField(null=True, verbose_name='next letter')),
            ],
            options={
                'verbose_name': 'schedule of the collective letter',
                'verbose_name_plural': 'schedules of collective letters',
                'ordering': ('campaign__slug',),
            },
        ),
        migrations.CreateModel(
            name='CollectiveWording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=12, verbose_name='language')),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('body', models.TextField(verbose_name='body')),
                ('closing', models.TextField(verbose_name='closing')),
            ],
            options={
                'verbose_name': 'wording of the collective letter',
                'verbose_name_plural': 'wordings of collective letters',
                'ordering': ('campaign', 'language'),
            },
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('voices', models.PositiveIntegerField(verbose_name='voices')),
                ('day', models.DateField(verbose_name='day')),
            ],
            options={
                'verbose_name': 'edition',
                'verbose_name_plural': 'editions',
                'ordering': ('campaign', '-number'),
            },
        ),
        migrations.AddField(
            model_name='tally',
            name='erased_voices',
            field=models.PositiveIntegerField(default=0, verbose_name='voices erased since'),
        ),
        migrations.AddField(
            model_name='tally',
            name='voices',
            field=models.PositiveIntegerField(default=0, verbose_name='voices'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.CheckConstraint(condition=models.Q(('erased_voices__lte', models.F('voices')), ('voices__lte', models.F('confirmed'))), name='voices_are_among_those_counted'),
        ),
        migrations.AddField(
            model_name='collectiveletter',
            name='message',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='collective_letter', to='tocsin.message'),
        ),
        migrations.AddField(
            model_name='collectiveletter',
            name='target',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='collective_letters', to='tocsin.target'),
        ),
        migrations.AddField(
            model_name='collectiveschedule',
            name='campaign',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='collective_schedule', to='tocsin.campaign'),
        ),
        migrations.AddField(
            model_name='collectivewording',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='collective_wordings', to='tocsin.campaign'),
        ),
        migrations.AddField(
            model_name='edition',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='tocsin.campaign'),
        ),
        migrations.AddField(
            model_name='collectiveletter',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='tocsin.edition'),
        ),
        migrations.AddConstraint(
            model_name='collectiveschedule',
            constraint=models.CheckConstraint(condition=models.Q(('at_least__gt', 0), ('every__gte', datetime.timedelta(seconds=60))), name='a_collective_letter_has_a_rhythm'),
        ),
        migrations.AddConstraint(
            model_name='collectivewording',
            constraint=models.UniqueConstraint(models.F('campaign'), models.F('language'), name='one_collective_wording_per_language'),
        ),
        migrations.AddConstraint(
            model_name='collectivewording',
            constraint=models.CheckConstraint(condition=models.Q(('body__regex', '^[^{}]*(\\{voices\\}[^{}]*)+$'), ('subject__regex', '^[^{}]*(\\{voices\\}[^{}]*)*$')), name='a_collective_wording_tells_the_number'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.UniqueConstraint(models.F('campaign'), models.F('number'), name='an_edition_has_its_own_number'),
        ),
        migrations.AddConstraint(
            model_name='collectiveletter',
            constraint=models.UniqueConstraint(models.F('edition'), models.F('target'), name='one_letter_per_edition_and_target'),
        ),
        migrations.RunSQL(COUNT_VOICES, migrations.RunSQL.noop),
    ]
