"""The blocks of a story, and the consents by which witnesses are quoted in it."""

import django.core.validators
import django.db.models.deletion
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0028_pictures'),
    ]

    operations = [
        migrations.AlterField(
            model_name='campaignpage',
            name='story',
            field=wagtail.fields.StreamField([('section', 2), ('fact', 7), ('quote', 12), ('testimony', 17), ('image', 24), ('timeline', 30), ('updates', 35), ('call', 37)], block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'heading', 'max_length': 120, 'required': False}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'ul'], 'label': 'text'}), 2: ('wagtail.blocks.StructBlock', [[('heading', 0), ('text', 1)]], {}), 3: ('wagtail.blocks.TextBlock', (), {'label': 'fact', 'max_length': 600}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'source', 'max_length': 200}), 5: ('wagtail.blocks.DateBlock', (), {'label': 'date of the source'}), 6: ('wagtail.blocks.URLBlock', (), {'label': 'link to the source'}), 7: ('wagtail.blocks.StructBlock', [[('text', 3), ('source_name', 4), ('source_date', 5), ('source_url', 6)]], {}), 8: ('wagtail.blocks.TextBlock', (), {'label': 'words', 'max_length': 900}), 9: ('wagtail.blocks.CharBlock', (), {'label': 'who said it', 'max_length': 200}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'where it was said', 'max_length': 200, 'required': False}), 11: ('wagtail.blocks.URLBlock', (), {'label': 'link', 'required': False}), 12: ('wagtail.blocks.StructBlock', [[('text', 8), ('who', 9), ('where', 10), ('url', 11)]], {}), 13: ('wagtail.blocks.TextBlock', (), {'help_text': 'Nothing by which others could know who it is: no place, no day, no story that only this person can tell.', 'label': 'words', 'max_length': 900}), 14: ('wagtail.blocks.CharBlock', (), {'help_text': 'Never the real name, not even in a draft. Empty: “a witness, name withheld”, in the language of the page.', 'label': 'name under which the witness is quoted', 'max_length': 80, 'required': False}), 15: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('fr', 'Français'), ('en', 'English'), ('ug', 'ئۇيغۇرچە'), ('kk', 'Қазақша'), ('zh-hans', '简体中文'), ('es', 'Español'), ('de', 'Deutsch'), ('tr', 'Türkçe')], 'help_text': 'Only where it is not that of the page.', 'label': 'language of these words', 'required': False}), 16: ('wagtail.blocks.CharBlock', (), {'help_text': 'As it stands under Consents of witnesses. Without a consent that holds today the words are not shown. Visitors never see the reference.', 'label': 'reference of the consent', 'max_length': 40}), 17: ('wagtail.blocks.StructBlock', [[('text', 13), ('name', 14), ('language', 15), ('consent', 16)]], {}), 18: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'picture'}), 19: ('wagtail.blocks.CharBlock', (), {'help_text': 'In the language of this page, for those who do not see it: what matters in it, in a sentence.', 'label': 'what is to be seen', 'max_length': 250, 'required': False}), 20: ('wagtail.blocks.BooleanBlock', (), {'help_text': 'Nobody misses anything who does not see it: it is passed over in silence.', 'label': 'only decoration', 'required': False}), 21: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('whole', 'the whole picture'), ('wide', 'wide, cut about its middle point')], 'label': 'shape'}), 22: ('wagtail.blocks.CharBlock', (), {'label': 'line below it', 'max_length': 250, 'required': False}), 23: ('wagtail.blocks.CharBlock', (), {'help_text': 'Shown below it. Leave out whoever could be in danger.', 'label': 'whose picture it is', 'max_length': 120, 'required': False}), 24: ('wagtail.blocks.StructBlock', [[('image', 18), ('alt', 19), ('decorative', 20), ('shape', 21), ('caption', 22), ('credit', 23)]], {}), 25: ('wagtail.blocks.DateBlock', (), {'label': 'day'}), 26: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('day', 'the day'), ('month', 'the month'), ('year', 'the year')], 'label': 'what of it is shown'}), 27: ('wagtail.blocks.TextBlock', (), {'label': 'what happened', 'max_length': 600}), 28: ('wagtail.blocks.StructBlock', [[('date', 25), ('known', 26), ('text', 27)]], {'label': 'moment'}), 29: ('wagtail.blocks.ListBlock', (28,), {'label': 'moments', 'min_num': 1}), 30: ('wagtail.blocks.StructBlock', [[('heading', 0), ('moments', 29)]], {}), 31: ('wagtail.blocks.CharBlock', (), {'help_text': 'Empty: “What happened so far”, in the language of the page.', 'label': 'heading', 'max_length': 120, 'required': False}), 32: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link'], 'label': 'what happened'}), 33: ('wagtail.blocks.StructBlock', [[('date', 25), ('text', 32)]], {'label': 'piece of news'}), 34: ('wagtail.blocks.ListBlock', (33,), {'label': 'news', 'min_num': 1}), 35: ('wagtail.blocks.StructBlock', [[('heading', 31), ('updates', 34)]], {}), 36: ('wagtail.blocks.TextBlock', (), {'label': 'words', 'max_length': 300}), 37: ('wagtail.blocks.StructBlock', [[('text', 36)]], {})}, verbose_name='story'),
        ),
        migrations.CreateModel(
            name='WitnessConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(help_text='Under which you find the signed consent again, outside of Tocsin: W-2026-014. Never a name, nor letters of one.', max_length=40, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9./_-]+\\Z', 'Letters without accents, digits, . / _ - only.')], verbose_name='reference')),
                ('given_on', models.DateField(verbose_name='given on')),
                ('to_be_quoted', models.BooleanField(default=False, help_text='The witness permits that their words stand on public pages.', verbose_name='to be quoted in public')),
                ('until', models.DateField(blank=True, help_text='The last day on which it holds; after it no page shows the words. May be empty.', null=True, verbose_name='until')),
                ('withdrawn_on', models.DateField(blank=True, help_text='Once there is a day here, the words are taken off every page and out of all its versions, at once and for good.', null=True, verbose_name='withdrawn on')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='tocsin.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'consent of a witness',
                'verbose_name_plural': 'consents of witnesses',
                'ordering': ('organisation', 'reference'),
                'constraints': [models.UniqueConstraint(fields=('organisation', 'reference'), name='one_consent_for_each_reference')],
            },
        ),
    ]
