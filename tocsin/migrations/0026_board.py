"""The sums behind the board, and the indexes by which long lists and letters are read."""

import django.db.models.deletion
from django.db import migrations, models

COUNT_AGAIN = """
    INSERT INTO tocsin_daycount (campaign_id, by, day, name, number)
    SELECT campaign_id, known.by, day, known.name, count(*)
    FROM tocsin_action CROSS JOIN LATERAL (VALUES
        ('country', country), ('language', language), ('way', way),
        ('variant', variant::text)) AS known (by, name)
    WHERE counted GROUP BY 1, 2, 3, 4
"""
# Whoever was erased before is in the number, and nothing is known of them.
COUNT_ERASED = """
    INSERT INTO tocsin_daycount (campaign_id, by, day, name, number)
    SELECT campaign_id, known.by, coalesce(
        (SELECT min(day) FROM tocsin_action AS action
         WHERE action.campaign_id = tally.campaign_id AND counted), current_date), '', erased
    FROM tocsin_tally AS tally
    CROSS JOIN (VALUES ('country'), ('language'), ('way'), ('variant')) AS known (by)
    WHERE erased > 0
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0025_drafts'),
    ]

    operations = [
        migrations.CreateModel(
            name='DayCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.CharField(choices=[('country', 'country'), ('language', 'language'), ('way', 'way to take part'), ('variant', 'variant')], max_length=8, verbose_name='by')),
                ('day', models.DateField(verbose_name='day')),
                ('name', models.CharField(blank=True, max_length=20, verbose_name='name')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
            ],
            options={
                'verbose_name': 'day count',
                'verbose_name_plural': 'day counts',
            },
        ),
        migrations.CreateModel(
            name='HourCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField(verbose_name='hour')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
            ],
            options={
                'verbose_name': 'hour count',
                'verbose_name_plural': 'hour counts',
            },
        ),
        migrations.RemoveIndex(
            model_name='action',
            name='action_by_day',
        ),
        migrations.AddIndex(
            model_name='action',
            index=models.Index(models.F('campaign'), models.F('day'), models.F('id'), name='action_by_day'),
        ),
        migrations.AddIndex(
            model_name='action',
            index=models.Index(models.F('day'), models.F('id'), name='action_newest'),
        ),
        migrations.AddIndex(
            model_name='action',
            index=models.Index(models.F('campaign'), condition=models.Q(('state', 'pending')), name='action_waits'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('state'), models.F('mailing'), condition=models.Q(('lane', 'letter'), ('state__in', ('sent', 'delivered', 'bounced', 'failed', 'cancelled'))), name='letter_ended'),
        ),
        migrations.AddField(
            model_name='daycount',
            name='campaign',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='tocsin.campaign'),
        ),
        migrations.AddField(
            model_name='hourcount',
            name='campaign',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='tocsin.campaign'),
        ),
        migrations.AddConstraint(
            model_name='daycount',
            constraint=models.UniqueConstraint(fields=('campaign', 'by', 'day', 'name'), name='a_day_counts_a_thing_once'),
        ),
        migrations.AddConstraint(
            model_name='daycount',
            constraint=models.CheckConstraint(condition=models.Q(('by__in', ('country', 'language', 'way', 'variant'))), name='a_day_counts_by_what_it_knows'),
        ),
        migrations.AddConstraint(
            model_name='hourcount',
            constraint=models.UniqueConstraint(fields=('campaign', 'hour'), name='an_hour_counts_once'),
        ),
        migrations.RunSQL(COUNT_AGAIN, migrations.RunSQL.noop),
        migrations.RunSQL(COUNT_ERASED, migrations.RunSQL.noop),
    ]
