"""On whose sites a campaign may stand in a frame."""

import django.db.models.deletion
import tocsin.organisations.models
from django.db import migrations, models


class Migration(migrations.Migration):
    """A table more, and empty."""

    dependencies = [
        ('tocsin', '0017_variants'),
    ]

    operations = [
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('slug', models.SlugField(help_text='The source under which those are counted who take part on the partner’s site. It stands in the code on that site: it cannot be changed later.', max_length=60, unique=True, verbose_name='short name')),
                ('origins', models.TextField(help_text='One a line, like https://www.example.org, without a path. The browser shows the frame on pages of these sites only.', verbose_name='sites')),
                ('accent', models.CharField(blank=True, default='', help_text='In place of the organisation’s own, on light pages: # and six digits.', max_length=7, validators=[tocsin.organisations.models.readable_by_day], verbose_name='colour')),
                ('night_accent', models.CharField(blank=True, default='', help_text='The same on dark pages; empty: made from the colour.', max_length=7, validators=[tocsin.organisations.models.readable_by_night], verbose_name='colour by night')),
                ('active', models.BooleanField(default=True, help_text='Without it no frame is shown, and nobody more is counted.', verbose_name='active')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='tocsin.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'partner',
                'verbose_name_plural': 'partners',
                'ordering': ('name', 'pk'),
            },
        ),
    ]
