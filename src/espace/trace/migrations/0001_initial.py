
from django.db import migrations, models

# Privileges already keep the application from changing a line; these triggers also stop the owner's
# mistakes. An owner who means harm can drop them: what shows that is the tree and its outside witnesses.
APPEND_ONLY = """
CREATE FUNCTION trace_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_ARGV[0] = 'owner_may_delete' AND pg_has_role(
        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE'
    ) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER trace_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON trace_event
    FOR EACH STATEMENT EXECUTE FUNCTION trace_append_only('owner_may_delete');
CREATE TRIGGER trace_link_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON trace_link
    FOR EACH STATEMENT EXECUTE FUNCTION trace_append_only('owner_may_delete');
CREATE TRIGGER trace_leaf_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON trace_leaf
    FOR EACH STATEMENT EXECUTE FUNCTION trace_append_only('nobody_may_delete');
CREATE TRIGGER trace_tile_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON trace_tile
    FOR EACH STATEMENT EXECUTE FUNCTION trace_append_only('nobody_may_delete');
CREATE TRIGGER trace_checkpoint_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON trace_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION trace_append_only('nobody_may_delete');
"""
REMOVED = """
DROP TRIGGER trace_checkpoint_append_only ON trace_checkpoint;
DROP TRIGGER trace_tile_append_only ON trace_tile;
DROP TRIGGER trace_leaf_append_only ON trace_leaf;
DROP TRIGGER trace_link_append_only ON trace_link;
DROP TRIGGER trace_event_append_only ON trace_event;
DROP FUNCTION trace_append_only();
"""

class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='TraceEventRow',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('id', models.UUIDField()),
                ('commitment', models.BinaryField()),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'trace_event',
            },
        ),
        migrations.CreateModel(
            name='TraceNobody',
            fields=[
                ('slot', models.IntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_index=True)),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'trace_nobody',
            },
        ),
        migrations.CreateModel(
            name='TraceLeaf',
            fields=[
                ('index', models.BigIntegerField(primary_key=True, serialize=False)),
                ('commitment', models.BinaryField(unique=True)),
                ('chains', models.BinaryField()),
            ],
            options={
                'db_table': 'trace_leaf',
            },
        ),
        migrations.CreateModel(
            name='TraceLink',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'number', blank=True, editable=False, primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('number', models.BigIntegerField()),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'trace_link',
            },
        ),
        migrations.CreateModel(
            name='TraceTile',
            fields=[
                ('pk', models.CompositePrimaryKey('level', 'number', blank=True, editable=False, primary_key=True, serialize=False)),
                ('level', models.SmallIntegerField()),
                ('number', models.BigIntegerField()),
                ('root', models.BinaryField()),
                ('hashes', models.BinaryField()),
            ],
            options={
                'db_table': 'trace_tile',
            },
        ),
        migrations.CreateModel(
            name='TraceCheckpoint',
            fields=[
                ('size', models.BigIntegerField(primary_key=True, serialize=False)),
                ('root', models.BinaryField()),
                ('note', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'trace_checkpoint',
            },
        ),
        migrations.CreateModel(
            name='TracePending',
            fields=[
                ('arrival', models.BigAutoField(primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('line_id', models.UUIDField()),
                ('commitment', models.BinaryField()),
                ('revealed', models.BinaryField(null=True)),
            ],
            options={
                'db_table': 'trace_pending',
            },
        ),
        migrations.RunSQL(APPEND_ONLY, REMOVED),
    ]
