"""The queue. A row leaves it when its event was handled; a dead letter stays until somebody looks."""

from django.db import models
from django.db.models import Q


class OutboxEvent(models.Model):
    """An event, sealed under its patient's metadata key, or the platform's key when it has no patient."""

    id = models.UUIDField(primary_key=True)
    patient_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=100)
    sealed = models.BinaryField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=100, default="")
    dead_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=64, default="")

    class Meta:
        db_table = "outbox_event"
        indexes = [
            models.Index(name="outbox_event_due", fields=["due_at"], condition=Q(dead_at__isnull=True)),
            models.Index(name="outbox_event_dead", fields=["dead_at"], condition=Q(dead_at__isnull=False)),
        ]
