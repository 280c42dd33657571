import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Matrix',
            fields=[
                ('pk', models.CompositePrimaryKey('in_force_from', 'profession', blank=True, editable=False, primary_key=True, serialize=False)),
                ('in_force_from', models.DateField()),
                ('profession', models.CharField(max_length=3)),
                ('reads', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('others', models.BooleanField()),
                ('writes', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('sources', models.JSONField()),
            ],
            options={
                'db_table': 'access_matrix',
            },
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('id', models.UUIDField()),
                ('professional', models.BinaryField()),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'access_relation',
                'constraints': [models.UniqueConstraint(fields=('patient_id', 'professional'), name='one_relation')],
            },
        ),
        migrations.CreateModel(
            name='Telling',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'professional', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('professional', models.BinaryField()),
                ('sealed', models.BinaryField(null=True)),
            ],
            options={
                'db_table': 'access_telling',
            },
        ),
        migrations.CreateModel(
            name='Seen',
            fields=[
                ('pk', models.CompositePrimaryKey('professional_id', 'subject', 'at', blank=True, editable=False, primary_key=True, serialize=False)),
                ('professional_id', models.UUIDField()),
                ('subject', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('stem', models.BinaryField()),
                ('braked', models.BooleanField()),
                ('own_word', models.BooleanField()),
            ],
            options={
                'db_table': 'access_seen',
                'indexes': [models.Index(fields=['professional_id', 'at'], name='seen_lately'), models.Index(fields=['at'], name='seen_long_ago')],
            },
        ),
        migrations.CreateModel(
            name='Guess',
            fields=[
                ('pk', models.CompositePrimaryKey('professional_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('professional_id', models.UUIDField()),
                ('id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('settled', models.BooleanField()),
            ],
            options={
                'db_table': 'access_guess',
                'indexes': [models.Index(fields=['at'], name='guess_long_ago')],
            },
        ),
        migrations.CreateModel(
            name='Switches',
            fields=[
                ('patient_id', models.UUIDField(primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'access_switches',
            },
        ),
        migrations.CreateModel(
            name='Emergency',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('attending', models.BinaryField()),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'access_emergency',
                'indexes': [models.Index(fields=['attending', 'at'], name='emergency_of_doctor')],
            },
        ),
        migrations.CreateModel(
            name='Listed',
            fields=[
                ('pk', models.CompositePrimaryKey('professional', 'subject', blank=True, editable=False, primary_key=True, serialize=False)),
                ('professional', models.BinaryField()),
                ('subject', models.BinaryField()),
                ('day', models.DateField()),
                ('until', models.DateField(null=True)),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'access_listed',
                'indexes': [models.Index(fields=['professional', 'day'], name='listed_lately'), models.Index(fields=['until'], name='listed_long_ago')],
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('token_hash', models.BinaryField(primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'access_handover',
                'indexes': [models.Index(fields=['expires_at'], name='handover_long_ago')],
            },
        ),
        migrations.CreateModel(
            name='FeedingWish',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'organisation', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('organisation', models.BinaryField()),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'access_feeding_wish',
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('professional_id', models.UUIDField()),
                ('organisation_id', models.UUIDField()),
                ('subject', models.BinaryField()),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('count', models.IntegerField()),
                ('examined_by', models.TextField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.TextField()),
                ('closed_second', models.TextField()),
                ('outcome', models.CharField(max_length=20)),
            ],
            options={
                'db_table': 'access_alert',
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('kind', 'professional_id', 'organisation_id', 'subject'), name='one_open_alert')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('pk', models.CompositePrimaryKey('scope', 'hour', 'shard', blank=True, editable=False, primary_key=True, serialize=False)),
                ('scope', models.UUIDField()),
                ('hour', models.DateTimeField()),
                ('shard', models.SmallIntegerField()),
                ('count', models.IntegerField()),
            ],
            options={
                'db_table': 'access_tally',
                'indexes': [models.Index(fields=['hour'], name='tally_long_ago')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('id', models.UUIDField()),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'access_report',
            },
        ),
        migrations.CreateModel(
            name='Told',
            fields=[
                ('pk', models.CompositePrimaryKey('alert_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('alert_id', models.UUIDField()),
                ('id', models.UUIDField()),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'access_told',
            },
        ),
    ]
