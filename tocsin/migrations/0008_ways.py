"""Ways to take part: who took part before did so openly, and nothing else is offered yet."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0007_neutral_title'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='action',
            name='an_action_is_in_a_state_of_its_table',
        ),
        migrations.RemoveIndex(
            model_name='action',
            name='action_to_count',
        ),
        migrations.AddField(
            model_name='action',
            name='way',
            field=models.CharField(default='open', max_length=20, verbose_name='way to take part'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='first_way',
            field=models.CharField(choices=[('open', 'openly'), ('shielded', 'shielded'), ('lent', 'lent voice')], default='open', max_length=20, verbose_name='first way'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='offers_lent',
            field=models.BooleanField(default=False, verbose_name='lent voice'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='offers_open',
            field=models.BooleanField(default=True, verbose_name='openly'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='offers_shielded',
            field=models.BooleanField(default=False, verbose_name='shielded'),
        ),
        migrations.AddIndex(
            model_name='action',
            index=models.Index(models.F('campaign'), condition=models.Q(('counted', False), ('state__in', ('released', 'written', 'lent'))), name='action_to_count'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['lent', 'pending', 'released', 'written'])), name='an_action_is_in_a_state_of_its_table'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ['lent', 'open', 'shielded'])), name='an_action_has_a_way_of_the_table'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('first_way', 'open'), ('offers_open', True)), models.Q(('first_way', 'shielded'), ('offers_shielded', True)), models.Q(('first_way', 'lent'), ('offers_lent', True)), _connector='OR'), name='the_first_way_is_offered'),
        ),
    ]
