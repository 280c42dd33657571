
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
                ('new_document', models.BooleanField()),
                ('access', models.BooleanField()),
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
    ]
