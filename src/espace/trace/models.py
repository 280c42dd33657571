"""The register's tables. All but the queue are only ever added to: by privilege, and by trigger."""

from django.db import models


class TraceEventRow(models.Model):
    """A line, sealed under the patient's log key: 32 bytes of nonce, then the canonical event."""

    pk = models.CompositePrimaryKey("patient_id", "id")
    patient_id = models.UUIDField()
    id = models.UUIDField()
    commitment = models.BinaryField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "trace_event"


class TraceLink(models.Model):
    """What one leaf added to the patient's chains, sealed under their log key: as long whatever it added, nothing too.

    `number` counts the patient's leaves from 1.
    """

    pk = models.CompositePrimaryKey("patient_id", "number")
    patient_id = models.UUIDField()
    number = models.BigIntegerField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "trace_link"


class TraceLeaf(models.Model):
    """A leaf of the tree: its place from 0, without a gap, a commitment that tells nothing, and 96 bytes of chains
    that look like chance to whoever has no chain key."""

    index = models.BigIntegerField(primary_key=True)
    commitment = models.BinaryField(unique=True)
    chains = models.BinaryField()

    class Meta:
        db_table = "trace_leaf"


class TraceTile(models.Model):
    """A full tile of the tree (C2SP tlog-tiles, height 8): 256 hashes of one level, and the root above them."""

    pk = models.CompositePrimaryKey("level", "number")
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    root = models.BinaryField()
    hashes = models.BinaryField()

    class Meta:
        db_table = "trace_tile"


class TraceCheckpoint(models.Model):
    """A signed checkpoint: the number of leaves, their root, the note as it is published."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "trace_checkpoint"


class TraceNobody(models.Model):
    """Refusals about people who have no space: a ring, where the newest take the places of old ones."""

    slot = models.IntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    sealed = models.BinaryField()

    class Meta:
        db_table = "trace_nobody"


class TracePending(models.Model):
    """Committed lines that the sequencer has yet to append; then they leave this queue.

    `revealed`, sealed, says to whom a line that has its leaf already is shown from now on.
    """

    arrival = models.BigAutoField(primary_key=True)
    patient_id = models.UUIDField()
    line_id = models.UUIDField()
    commitment = models.BinaryField()
    revealed = models.BinaryField(null=True)

    class Meta:
        db_table = "trace_pending"
