"""What a patient told organisations of their feeding the space."""

from django.db import models


class FeedingWish(models.Model):
    """The last word of one organisation. `organisation` is a blind index of patient and organisation: where somebody
    was cared for is clinical."""

    pk = models.CompositePrimaryKey("patient_id", "organisation")
    patient_id = models.UUIDField()
    organisation = models.BinaryField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "access_feeding_wish"
