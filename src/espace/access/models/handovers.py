"""The way from a professional's own software to the workstation."""

from django.db import models


class Handover(models.Model):
    """A contextual address that waits: the hash of its token, and, sealed, whom it is for and where it leads. Neither a
    patient nor a professional can be told from it."""

    token_hash = models.BinaryField(primary_key=True)
    sealed = models.BinaryField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "access_handover"
        indexes = (models.Index(fields=("expires_at",), name="handover_long_ago"),)
