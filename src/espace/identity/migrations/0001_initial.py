import django.contrib.postgres.indexes
import django.contrib.postgres.search
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
                ('city', models.CharField(blank=True, max_length=100)),
                ('technical_id', models.CharField(blank=True, max_length=40)),
            ],
            options={
                'db_table': 'identity_organisation',
                'indexes': [
                    models.Index(condition=models.Q(('finess', ''), _negated=True), fields=['finess'], name='organisation_finess'),
                    models.Index(condition=models.Q(('siret', ''), _negated=True), fields=['siret'], name='organisation_siret'),
                    models.Index(condition=models.Q(('technical_id', ''), _negated=True), fields=['technical_id'], name='organisation_technical'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('pk', models.CompositePrimaryKey('professional_id', 'organisation_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('professional_id', models.UUIDField()),
                ('organisation_id', models.UUIDField(db_index=True)),
            ],
            options={
                'db_table': 'identity_activity',
            },
        ),
        migrations.CreateModel(
            name='Listed',
            fields=[
                ('pk', models.CompositePrimaryKey('batch', 'line', blank=True, editable=False, primary_key=True, serialize=False)),
                ('batch', models.UUIDField()),
                ('line', models.IntegerField()),
                ('national_id', models.CharField(max_length=12)),
                ('organisation_id', models.UUIDField(null=True)),
                ('refused', models.BooleanField()),
            ],
            options={
                'db_table': 'identity_listed',
            },
        ),
        migrations.CreateModel(
            name='Professional',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('national_id', models.CharField(max_length=12, unique=True)),
                ('family', models.CharField(max_length=100)),
                ('given', models.CharField(max_length=100)),
                ('profession', models.CharField(max_length=3)),
                ('specialty', models.CharField(blank=True, max_length=20)),
                ('active', models.BooleanField(default=True)),
                ('folded', models.TextField()),
            ],
            options={
                'db_table': 'identity_professional',
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('folded', config='simple'), name='professional_folded')],
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
                ('mail_codes', models.BooleanField(db_default=False, default=False)),
                ('helps', models.BooleanField(db_default=False, default=False)),
                ('adviser', models.BinaryField(null=True)),
                ('advised_until', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'identity_account',
                'indexes': [models.Index(django.db.models.functions.text.Upper('email'), name='account_email_folded')],
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
        migrations.CreateModel(
            name='SpentLogout',
            fields=[
                ('digest', models.BinaryField(primary_key=True, serialize=False)),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'db_table': 'identity_spent_logout',
            },
        ),
        migrations.CreateModel(
            name='ProfessionalSession',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('professional_id', models.UUIDField()),
                ('organisation_id', models.UUIDField(null=True)),
                ('sid', models.BinaryField(null=True)),
                ('sub', models.BinaryField()),
                ('started_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('regulates', models.BooleanField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'identity_professional_session',
                'indexes': [models.Index(fields=['sub'], name='professional_session_sub'), models.Index(fields=['expires_at'], name='professional_session_end')],
            },
        ),
        migrations.CreateModel(
            name='WebSession',
            fields=[
                ('pk', models.CompositePrimaryKey('account_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('account_id', models.UUIDField()),
                ('id', models.UUIDField()),
                ('key', models.CharField(max_length=40, unique=True)),
                ('browser', models.CharField(max_length=12)),
                ('system', models.CharField(max_length=12)),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'db_table': 'identity_web_session',
            },
        ),
        migrations.CreateModel(
            name='MailCode',
            fields=[
                ('account_id', models.UUIDField(primary_key=True, serialize=False)),
                ('digest', models.BinaryField()),
                ('sent_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('tries', models.IntegerField()),
            ],
            options={
                'db_table': 'identity_mail_code',
            },
        ),
        migrations.CreateModel(
            name='Recovery',
            fields=[
                ('account_id', models.UUIDField(primary_key=True, serialize=False)),
                ('token_hash', models.BinaryField(unique=True)),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('tries', models.IntegerField()),
            ],
            options={
                'db_table': 'identity_recovery',
            },
        ),
        migrations.CreateModel(
            name='HelpInvitation',
            fields=[
                ('token_hash', models.BinaryField(primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('mandate_id', models.UUIDField()),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'db_table': 'identity_help_invitation',
            },
        ),
        migrations.CreateModel(
            name='Mandate',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('id', models.UUIDField()),
                ('helper', models.BinaryField(null=True)),
                ('contested_at', models.DateTimeField(null=True)),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'identity_mandate',
                'indexes': [models.Index(fields=['helper'], name='mandate_helper'), models.Index(condition=models.Q(('contested_at__isnull', False)), fields=['contested_at'], name='mandate_contested')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('key', models.BinaryField(primary_key=True, serialize=False)),
                ('value', models.BinaryField()),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'db_table': 'identity_tally',
            },
        ),
    ]
