"""The register's tables. Lines and leaves are only ever added: by privilege, and by trigger."""

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


class TraceLeaf(models.Model):
    """A leaf of the tree: its place from 0, without a gap, and a commitment that tells nothing."""

    index = models.BigIntegerField(primary_key=True)
    commitment = models.BinaryField(unique=True)

    class Meta:
        db_table = "trace_leaf"


class TracePending(models.Model):
    """Commitments of committed lines that the sequencer has yet to append; then they leave this queue."""

    arrival = models.BigAutoField(primary_key=True)
    commitment = models.BinaryField()

    class Meta:
        db_table = "trace_pending"
