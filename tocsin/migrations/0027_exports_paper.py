"""The journal of exports, and signatures on paper."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0026_board'),
    ]

    operations = [
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('actions', 'actions'), ('letters', 'letters'), ('board', 'tables of the board')], max_length=8, verbose_name='what')),
                ('form', models.CharField(choices=[('csv', 'CSV with commas'), ('excel', 'CSV with semicolons, for Excel in French'), ('xlsx', 'XLSX')], max_length=8, verbose_name='form')),
                ('who', models.CharField(max_length=150, verbose_name='who')),
                ('began', models.DateTimeField(verbose_name='began')),
                ('seen', models.DateTimeField(verbose_name='seen last')),
                ('state', models.CharField(choices=[('going', 'going'), ('done', 'complete'), ('broken', 'broken off')], default='going', max_length=8, verbose_name='state')),
                ('expected', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('written', models.PositiveIntegerField(default=0, verbose_name='lines')),
                ('campaign', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='tocsin.campaign', verbose_name='campaign')),
            ],
            options={
                'verbose_name': 'export',
                'verbose_name_plural': 'exports',
                'indexes': [models.Index(fields=['-began'], name='export_newest')],
            },
        ),
        migrations.CreateModel(
            name='PaperCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('place', models.CharField(max_length=480, verbose_name='place')),
                ('number', models.IntegerField(verbose_name='number')),
                ('who', models.CharField(max_length=150, verbose_name='who')),
                ('entered', models.DateTimeField(verbose_name='entered')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='tocsin.campaign', verbose_name='campaign')),
                ('undoes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='tocsin.papercount')),
            ],
            options={
                'verbose_name': 'signatures on paper',
                'verbose_name_plural': 'signatures on paper',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('number__gt', 0), ('undoes__isnull', True)), models.Q(('number__lt', 0), ('undoes__isnull', False)), _connector='OR'), name='only_what_undoes_is_below_nothing')],
            },
        ),
    ]
