"""How often somebody tried."""

from django.db import models


class Tally(models.Model):
    """One count of tries, until `expires_at`: `key` is a blind index of what is counted, `value` times, as JSON."""

    key = models.BinaryField(primary_key=True)
    value = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "identity_tally"
