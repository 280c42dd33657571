from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('id', models.UUIDField()),
                ('submitted_at', models.DateTimeField()),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'record_submission',
            },
        ),
        migrations.CreateModel(
            name='EndedLink',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'source_id', 'target_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('source_id', models.UUIDField()),
                ('target_id', models.UUIDField()),
                ('kind', models.CharField(max_length=12)),
                ('depositor', models.BinaryField()),
                ('ended_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'record_ended_link',
                'indexes': [models.Index(fields=['patient_id', 'depositor'], name='ended_link_depositor')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['APND', 'HasMember', 'XFRM'])), name='ended_link_kind')],
            },
        ),
        migrations.CreateModel(
            name='EntryVersion',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('id', models.UUIDField()),
                ('entry_id', models.UUIDField()),
                ('revision', models.PositiveIntegerField()),
                ('replaced_at', models.DateTimeField()),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'record_entry_version',
                'constraints': [models.UniqueConstraint(fields=('patient_id', 'entry_id', 'revision'), name='entry_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Locator',
            fields=[
                ('entry_id', models.UUIDField(primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
            ],
            options={
                'db_table': 'record_locator',
            },
        ),
        migrations.CreateModel(
            name='UniqueId',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'blind', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('blind', models.BinaryField()),
                ('target_id', models.UUIDField()),
            ],
            options={
                'db_table': 'record_unique_id',
            },
        ),
        migrations.CreateModel(
            name='Association',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('id', models.UUIDField()),
                ('kind', models.CharField(max_length=12)),
                ('source_id', models.UUIDField()),
                ('target_id', models.UUIDField()),
            ],
            options={
                'db_table': 'record_association',
                'indexes': [models.Index(fields=['patient_id', 'source_id'], name='association_source'), models.Index(fields=['patient_id', 'target_id'], name='association_target')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind__in', ['RPLC', 'XFRM_RPLC'])), fields=('patient_id', 'target_id'), name='replaced_once'), models.UniqueConstraint(fields=('patient_id', 'source_id', 'target_id'), name='related_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['RPLC', 'XFRM_RPLC', 'APND', 'XFRM', 'signs'])), name='association_kind')],
            },
        ),
        migrations.CreateModel(
            name='FiledFolder',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('id', models.UUIDField()),
                ('submission_id', models.UUIDField()),
                ('status', models.CharField(max_length=12)),
                ('filed_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(null=True)),
                ('revision', models.PositiveIntegerField(db_default=1, default=1)),
                ('depositor', models.BinaryField()),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'record_filed_folder',
                'indexes': [models.Index(fields=['patient_id', 'depositor'], name='filed_folder_depositor')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['Approved', 'Deprecated'])), name='filed_folder_status')],
            },
        ),
        migrations.CreateModel(
            name='FiledMember',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'folder_id', 'entry_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('folder_id', models.UUIDField()),
                ('entry_id', models.UUIDField()),
                ('submission_id', models.UUIDField()),
                ('added_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'record_filed_member',
                'indexes': [models.Index(fields=['patient_id', 'entry_id'], name='filed_member_entry')],
            },
        ),
        migrations.CreateModel(
            name='Folder',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('id', models.UUIDField()),
                ('blind', models.BinaryField()),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'record_folder',
                'constraints': [models.UniqueConstraint(fields=('patient_id', 'blind'), name='folder_name')],
            },
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('id', models.UUIDField()),
                ('blind', models.BinaryField()),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'record_topic',
                'constraints': [models.UniqueConstraint(fields=('patient_id', 'blind'), name='topic_name')],
            },
        ),
        migrations.CreateModel(
            name='Arrangement',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'entry_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('entry_id', models.UUIDField()),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'record_arrangement',
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('id', models.UUIDField()),
                ('submission_id', models.UUIDField()),
                ('status', models.CharField(max_length=12)),
                ('deposited_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(null=True)),
                ('revision', models.PositiveIntegerField(db_default=1, default=1)),
                ('size', models.PositiveIntegerField()),
                ('content', models.UUIDField()),
                ('depositor', models.BinaryField()),
                ('sealed', models.BinaryField()),
                ('removed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'record_entry',
                'indexes': [models.Index(fields=['patient_id', 'depositor'], name='entry_depositor'), models.Index(fields=['content'], name='entry_content'), models.Index(condition=models.Q(('removed_at__isnull', False)), fields=['removed_at'], name='entry_removed')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['Approved', 'Archived', 'Deleted'])), name='entry_status')],
            },
        ),
        migrations.CreateModel(
            name='Restriction',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('id', models.UUIDField()),
                ('entry_id', models.UUIDField()),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'record_restriction',
                'indexes': [models.Index(fields=['patient_id', 'entry_id'], name='restriction_entry')],
            },
        ),
        migrations.CreateModel(
            name='Copy',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('id', models.UUIDField()),
                ('asker', models.BinaryField()),
                ('state', models.CharField(max_length=8)),
                ('asked_at', models.DateTimeField()),
                ('ready_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField()),
                ('step', models.PositiveIntegerField()),
                ('done', models.PositiveIntegerField()),
                ('total', models.PositiveIntegerField()),
                ('size', models.BigIntegerField()),
            ],
            options={
                'db_table': 'record_copy',
                'indexes': [models.Index(fields=['expires_at'], name='copy_expires')],
                'constraints': [models.UniqueConstraint(fields=('patient_id', 'asker'), name='copy_once'), models.CheckConstraint(condition=models.Q(('state__in', ['making', 'waiting', 'ready'])), name='copy_state')],
            },
        ),
        migrations.CreateModel(
            name='CopyPart',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('id', models.UUIDField()),
                ('copy_id', models.UUIDField()),
                ('number', models.PositiveIntegerField()),
                ('size', models.PositiveIntegerField()),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'record_copy_part',
                'indexes': [models.Index(fields=['patient_id', 'copy_id'], name='copy_part_copy'), models.Index(fields=['id'], name='copy_part_content')],
            },
        ),
        migrations.CreateModel(
            name='Masking',
            fields=[
                ('patient_id', models.UUIDField(primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'record_masking',
            },
        ),
    ]
