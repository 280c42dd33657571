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
        indexes = (
            models.Index(fields=("professional_id", "at"), name="seen_lately"),
            models.Index(fields=("at",), name="seen_long_ago"),
        )


class Guess(models.Model):
    """An identity that an account stated for a patient whom it may not read: being compared, or `settled` when it did
    not agree. Nothing of the patient."""

    pk = models.CompositePrimaryKey("professional_id", "id")
    professional_id = models.UUIDField()
    id = models.UUIDField()
    at = models.DateTimeField()
    settled = models.BooleanField()

    class Meta:
        db_table = "access_guess"
        indexes = (models.Index(fields=("at",), name="guess_long_ago"),)
