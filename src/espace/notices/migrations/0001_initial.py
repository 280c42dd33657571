import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('patient_id', models.UUIDField(primary_key=True, serialize=False)),
                ('mailed', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'notices_preference',
            },
        ),
        migrations.CreateModel(
            name='TopicMail',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'topic', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('topic', models.CharField(max_length=32)),
                ('number', models.IntegerField()),
                ('mailed_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'notices_mail',
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('id', models.UUIDField()),
                ('about', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('read', models.BooleanField()),
                ('read_by_helpers', models.BooleanField()),
                ('gone_for_helpers', models.BooleanField()),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'notices_notice',
                'indexes': [models.Index(fields=['at'], name='notice_long_ago')],
                'constraints': [models.UniqueConstraint(fields=('patient_id', 'about'), name='told_once')],
            },
        ),
    ]
