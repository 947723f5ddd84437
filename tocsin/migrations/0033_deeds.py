"""What was done at the mail desk, so that it can be undone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0032_translations'),
    ]

    operations = [
        migrations.CreateModel(
            name='Deed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('who', models.CharField(max_length=150, verbose_name='who')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('noun', models.CharField(max_length=20, verbose_name='noun')),
                ('do', models.CharField(max_length=20, verbose_name='what')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('rows', models.JSONField(default=list)),
            ],
            options={
                'verbose_name': 'deed',
                'verbose_name_plural': 'deeds',
            },
        ),
    ]
