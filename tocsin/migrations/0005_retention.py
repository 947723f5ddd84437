"""Keys of days until they are destroyed, the time that is believed, reports of what is gone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0004_hot_row'),
    ]

    operations = [
        migrations.CreateModel(
            name='LivedClock',
            fields=[
                ('boot', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('uptime', models.FloatField()),
                ('gap', models.DurationField(null=True)),
                ('since', models.FloatField()),
            ],
            options={
                'verbose_name': 'believed time',
                'verbose_name_plural': 'believed times',
            },
        ),
        migrations.CreateModel(
            name='RetentionReport',
            fields=[
                ('number', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('what', models.CharField(choices=[('day', 'the key of a day, and what was sealed with it'), ('unconfirmed', 'letters that nobody confirmed')], max_length=20)),
                ('day', models.DateField()),
                ('on', models.DateField()),
                ('counts', models.JSONField()),
                ('signature', models.BinaryField(max_length=16)),
            ],
            options={
                'verbose_name': 'report of retention',
                'verbose_name_plural': 'reports of retention',
                'ordering': ('number',),
            },
        ),
        migrations.CreateModel(
            name='DayKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('born', models.DateField()),
                ('seen', models.DateField()),
                ('state', models.CharField(choices=[('kept', 'kept'), ('settled', 'kept, unconfirmed letters erased'), ('closing', 'being destroyed'), ('done', 'destroyed')], default='kept', max_length=20)),
                ('counts', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name': 'key of a day',
                'verbose_name_plural': 'keys of days',
                'ordering': ('day', 'pk'),
                'constraints': [models.UniqueConstraint(models.F('day'), condition=models.Q(('state', 'done'), _negated=True), name='a_day_has_one_key')],
            },
        ),
    ]
