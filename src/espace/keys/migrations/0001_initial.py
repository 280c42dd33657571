
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='KnownService',
            fields=[
                ('id', models.SmallIntegerField(primary_key=True, serialize=False)),
                ('fingerprint', models.BinaryField()),
            ],
            options={
                'db_table': 'known_key_service',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='known_key_service_one_row')],
            },
        ),
        migrations.CreateModel(
            name='WrappedKey',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'kind', 'version', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('kind', models.CharField(max_length=16)),
                ('version', models.SmallIntegerField()),
                ('wrapped', models.BinaryField(null=True)),
                ('created_at', models.DateTimeField()),
                ('destroyed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'wrapped_key',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('destroyed_at__isnull', False), ('wrapped__isnull', True)), models.Q(('destroyed_at__isnull', True), ('wrapped__isnull', False)), _connector='OR'), name='wrapped_key_destroyed_has_no_key')],
            },
        ),
    ]
