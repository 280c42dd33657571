"""Who is linked to whom is sealed: that somebody sees a psychiatrist is clinical."""

from django.db import models


class Relation(models.Model):
    """`professional` is a blind index of patient and professional."""

    pk = models.CompositePrimaryKey("patient_id", "id")
    patient_id = models.UUIDField()
    id = models.UUIDField()
    professional = models.BinaryField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "access_relation"
        constraints = (models.UniqueConstraint(fields=("patient_id", "professional"), name="one_relation"),)


class Seen(models.Model):
    """Whom an account opened lately, for its budget: `subject` is a blind index of the account and the patient."""

    pk = models.CompositePrimaryKey("professional_id", "subject", "at")
    professional_id = models.UUIDField()
    subject = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "access_seen"
        indexes = (models.Index(fields=("professional_id", "at"), name="seen_lately"),)
