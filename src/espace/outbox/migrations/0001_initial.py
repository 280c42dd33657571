
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='OutboxEvent',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField(null=True)),
                ('kind', models.CharField(max_length=100)),
                ('sealed', models.BinaryField()),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('attempts', models.SmallIntegerField(default=0)),
                ('leased_until', models.DateTimeField(null=True)),
                ('leased_by', models.CharField(default='', max_length=100)),
                ('dead_at', models.DateTimeField(null=True)),
                ('last_error', models.CharField(default='', max_length=64)),
            ],
            options={
                'db_table': 'outbox_event',
                'indexes': [models.Index(condition=models.Q(('dead_at__isnull', True)), fields=['due_at'], name='outbox_event_due'), models.Index(condition=models.Q(('dead_at__isnull', False)), fields=['dead_at'], name='outbox_event_dead')],
            },
        ),
    ]
