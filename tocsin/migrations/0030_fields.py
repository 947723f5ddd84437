"""What the person in a post is shown in is said as it is now."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0029_story'),
    ]

    operations = [
        migrations.AlterField(
            model_name='target',
            name='holder',
            field=models.CharField(blank=True, default='', help_text='Shown in the office, and in letters that have a field for it; a letter is addressed to the name below.', max_length=200, verbose_name='person in the post'),
        ),
    ]
