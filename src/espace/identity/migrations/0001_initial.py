import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='InsLookup',
            fields=[
                ('blind', models.BinaryField(primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField(db_index=True)),
                ('since', models.DateTimeField()),
            ],
            options={
                'db_table': 'identity_ins',
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('finess', models.CharField(blank=True, max_length=9)),
                ('siret', models.CharField(blank=True, max_length=14)),
                ('sector', models.CharField(max_length=10)),
                ('region', models.CharField(max_length=3)),
                ('source_ids', models.JSONField(default=list)),
                ('active', models.BooleanField(default=True)),
            ],
            options={
                'db_table': 'identity_organisation',
            },
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('identifier', models.CharField(max_length=60, unique=True)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('patient_id', models.UUIDField(null=True, unique=True)),
                ('language', models.CharField(default='fr', max_length=2)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'db_table': 'identity_account',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Upper('identifier'), name='account_identifier_folded')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('patient_id', models.UUIDField(primary_key=True, serialize=False)),
                ('birth_month', models.DateField()),
                ('sex', models.CharField(max_length=1)),
                ('departement', models.CharField(max_length=3)),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'identity_person',
                'constraints': [models.CheckConstraint(condition=models.Q(('sex__in', ('M', 'F'))), name='person_sex')],
            },
        ),
    ]
