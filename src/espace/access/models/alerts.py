"""What an operator is to look at. Nothing in it names a patient, nor leads to one without the key service."""

from uuid import UUID

from django.db import models

NOBODY = UUID(int=0)
"""In place of a professional or of an organisation where an alert is about none."""


class Alert(models.Model):
    """`subject` is a blind index of the patient, empty for none: two alerts about one patient are seen to be."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=20)
    professional_id = models.UUIDField()
    organisation_id = models.UUIDField()
    subject = models.BinaryField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.IntegerField()
    examined_by = models.TextField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.TextField()
    closed_second = models.TextField()
    outcome = models.CharField(max_length=20)

    class Meta:
        db_table = "access_alert"
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "professional_id", "organisation_id", "subject"),
                condition=models.Q(closed_at=None),
                name="one_open_alert",
            ),
        )


class Tally(models.Model):
    """First openings of an organisation, or of the country (`NOBODY`), in one hour; a few rows each, so that accounts
    do not wait for one another."""

    pk = models.CompositePrimaryKey("scope", "hour", "shard")
    scope = models.UUIDField()
    hour = models.DateTimeField()
    shard = models.SmallIntegerField()
    count = models.IntegerField()

    class Meta:
        db_table = "access_tally"
        indexes = (models.Index(fields=("hour",), name="tally_long_ago"),)


class Report(models.Model):
    """An access that a holder reported; `id` is that of the line. Which alert it raised is sealed: nothing in clear
    leads from a patient to a professional."""

    pk = models.CompositePrimaryKey("patient_id", "id")
    patient_id = models.UUIDField()
    id = models.UUIDField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "access_report"


class Told(models.Model):
    """What a holder wrote to whoever examines an alert, sealed for the operator, until it is closed."""

    pk = models.CompositePrimaryKey("alert_id", "id")
    alert_id = models.UUIDField()
    id = models.UUIDField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "access_told"
