"""The tables of the `keys` database: its own role, its own backup, kept at most 30 days."""

from django.db import models
from django.db.models import Q


class WrappedKey(models.Model):
    """One version of one key of a patient; without `wrapped` it is a tombstone, never filled again."""

    pk = models.CompositePrimaryKey("patient_id", "kind", "version")
    patient_id = models.UUIDField()
    kind = models.CharField(max_length=16)
    version = models.SmallIntegerField()
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "wrapped_key"
        constraints = [
            models.CheckConstraint(
                name="wrapped_key_destroyed_has_no_key",
                condition=Q(wrapped__isnull=True, destroyed_at__isnull=False)
                | Q(wrapped__isnull=False, destroyed_at__isnull=True),
            ),
        ]


class KnownService(models.Model):
    """The one key service that these databases are sealed with: another one is noticed before it writes."""

    id = models.SmallIntegerField(primary_key=True)
    fingerprint = models.BinaryField()

    class Meta:
        db_table = "known_key_service"
        constraints = [models.CheckConstraint(name="known_key_service_one_row", condition=Q(id=1))]
