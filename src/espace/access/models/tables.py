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


class Telling(models.Model):
    """When a holder was last told that a professional reads, sealed; `professional` is the blind index of their
    relation. A table of its own: readings and decisions about the relation do not stand in each other's way."""

    pk = models.CompositePrimaryKey("patient_id", "professional")
    patient_id = models.UUIDField()
    professional = models.BinaryField()
    sealed = models.BinaryField(null=True)

    class Meta:
        db_table = "access_telling"


class Seen(models.Model):
    """Whom an account opened lately, for its budget, or whom an organisation's software asked about (its id is in the
    place of the professional's): `subject` is a blind index of the account and the patient, `stem` one of the account
    and of how the number asked about begins (empty where none was), `braked` says that the budget of the organisation
    or of the country had no room, `own_word` that a consent which the account recorded is the first thing that ever
    linked it to this patient."""

    pk = models.CompositePrimaryKey("professional_id", "subject", "at")
    professional_id = models.UUIDField()
    subject = models.BinaryField()
    at = models.DateTimeField()
    stem = models.BinaryField()
    braked = models.BooleanField()
    own_word = models.BooleanField()

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
