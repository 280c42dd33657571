from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('token_hash', models.BinaryField(primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField(db_index=True)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('attempts', models.SmallIntegerField(default=0)),
            ],
            options={
                'db_table': 'enrolment_invitation',
            },
        ),
        migrations.CreateModel(
            name='Space',
            fields=[
                ('patient_id', models.UUIDField(primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=20)),
                ('state_since', models.DateTimeField()),
            ],
            options={
                'db_table': 'enrolment_space',
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['not_invited', 'informed', 'opposed', 'opened', 'activated', 'suspended', 'closed', 'erasure_requested', 'erased', 'deceased'])), name='space_state')],
            },
        ),
    ]
