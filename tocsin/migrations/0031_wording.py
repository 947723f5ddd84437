"""Texts with a name and rules that give them to targets, a fixed part, and retired variants."""

import django.db.models.deletion
from django.db import migrations, models


def rules_of_kinds(apps, _schema):
    """What was the wording of a kind is a text of that name, and a rule of the same meaning."""
    wording, rule = apps.get_model("tocsin", "Wording"), apps.get_model("tocsin", "WordingRule")
    found = wording.objects.exclude(text="").values_list("campaign", "text").distinct()
    for campaign in sorted({campaign for campaign, _text in found}):
        texts = sorted({text for one, text in found if one == campaign})
        for position, text in enumerate(texts, start=1):
            rule.objects.create(campaign_id=campaign, position=position, kind=text, text=text)


def kinds_again(apps, _schema):
    """Only the text of a kind has a place there; others would be taken for one."""
    kinds = ("ministry", "embassy", "head_of_state", "parliament", "company", "other")
    apps.get_model("tocsin", "Wording").objects.exclude(text__in=("", *kinds)).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0030_fields'),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='letter_is_fixed',
            field=models.BooleanField(default=False, verbose_name='the letter stays as it is'),
        ),
        migrations.RemoveConstraint(model_name='wording', name='a_variant_is_there_once'),
        migrations.RenameField(model_name='wording', old_name='kind', new_name='text'),
        migrations.AlterField(
            model_name='wording',
            name='text',
            field=models.CharField(blank=True, default='', max_length=60, verbose_name='text'),
        ),
        migrations.AddField(
            model_name='wording',
            name='fixed',
            field=models.TextField(blank=True, default='', verbose_name='part that nobody changes'),
        ),
        migrations.AddField(
            model_name='wording',
            name='is_retired',
            field=models.BooleanField(default=False, verbose_name='not offered any more'),
        ),
        migrations.AlterModelOptions(
            name='wording',
            options={'ordering': ('campaign', 'language', 'text', 'variant'), 'verbose_name': 'wording', 'verbose_name_plural': 'wordings'},
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.UniqueConstraint(models.F('campaign'), models.F('language'), models.F('text'), models.F('variant'), name='a_variant_is_there_once'),
        ),
        migrations.CreateModel(
            name='WordingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('kind', models.CharField(blank=True, choices=[('ministry', 'ministry'), ('embassy', 'embassy'), ('head_of_state', 'head of state'), ('parliament', 'member of parliament'), ('company', 'company'), ('other', 'institution')], default='', max_length=20, verbose_name='kind of target')),
                ('country', models.CharField(blank=True, default='', max_length=2, verbose_name='country')),
                ('seat', models.CharField(blank=True, default='', max_length=2, verbose_name='seat')),
                ('text', models.CharField(blank=True, default='', max_length=60, verbose_name='text')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wording_rules', to='tocsin.campaign')),
                ('target', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='wording_rules', to='tocsin.target')),
            ],
            options={
                'verbose_name': 'wording rule',
                'verbose_name_plural': 'wording rules',
                'ordering': ('campaign', 'position', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('country', ''), ('kind', ''), ('seat', ''), ('target', None), _negated=True), name='a_wording_rule_asks_something')],
            },
        ),
        migrations.RunPython(rules_of_kinds, kinds_again),
    ]
