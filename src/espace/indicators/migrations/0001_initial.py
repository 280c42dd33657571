
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='CountedMark',
            fields=[
                ('pk', models.CompositePrimaryKey('day', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('id', models.UUIDField()),
            ],
            options={
                'db_table': 'indicator_counted',
            },
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('pk', models.CompositePrimaryKey('day', 'what', 'kind', 'sector', 'region', 'channel', blank=True, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('what', models.CharField(max_length=16)),
                ('kind', models.CharField(max_length=64)),
                ('sector', models.CharField(max_length=64)),
                ('region', models.CharField(max_length=64)),
                ('channel', models.CharField(max_length=16)),
                ('count', models.BigIntegerField()),
            ],
            options={
                'db_table': 'indicator_counter',
            },
        ),
    ]
