"""Whom a professional may read, for the list of their own patients (TD0.4)."""

from django.db import models


class Listed(models.Model):
    """A patient whom something lets a professional read, or did. `professional` is a blind index of the professional,
    `subject` of both: other bytes than those of their relation. Who the patient is, since when and until when, is
    sealed; `day` is what the rows are put in order by, `until` the last day on which they say something (null: no
    end)."""

    pk = models.CompositePrimaryKey("professional", "subject")
    professional = models.BinaryField()
    subject = models.BinaryField()
    day = models.DateField()
    until = models.DateField(null=True)
    sealed = models.BinaryField()

    class Meta:
        db_table = "access_listed"
        indexes = (
            models.Index(fields=("professional", "day"), name="listed_lately"),
            models.Index(fields=("until",), name="listed_long_ago"),
        )
