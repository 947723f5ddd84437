"""What each text of a campaign says in another language."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0031_wording'),
    ]

    operations = [
        migrations.CreateModel(
            name='Translation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=12, verbose_name='language')),
                ('place', models.CharField(max_length=500, verbose_name='place')),
                ('original', models.TextField(verbose_name='original')),
                ('translation', models.TextField(blank=True, default='', verbose_name='translation')),
                ('waiting', models.TextField(blank=True, default='', verbose_name='waits to be taken over')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='tocsin.campaign')),
            ],
            options={
                'verbose_name': 'translation',
                'verbose_name_plural': 'translations',
                'ordering': ('campaign', 'language', 'place'),
                'constraints': [models.UniqueConstraint(models.F('campaign'), models.F('language'), models.F('place'), name='a_text_is_translated_once')],
            },
        ),
    ]
