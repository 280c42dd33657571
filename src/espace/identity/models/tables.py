"""A person is sealed; only what population work needs is in clear (docs/reference/tables.md)."""

from django.db import models


class Person(models.Model):
    patient_id = models.UUIDField(primary_key=True)
    birth_month = models.DateField()
    sex = models.CharField(max_length=1)
    departement = models.CharField(max_length=3)
    sealed = models.BinaryField()

    class Meta:
        db_table = "identity_person"
        constraints = (models.CheckConstraint(condition=models.Q(sex__in=("M", "F")), name="person_sex"),)


class InsLookup(models.Model):
    """INS → person, by blind index; the history of the numbers of a person are several rows."""

    blind = models.BinaryField(primary_key=True)
    patient_id = models.UUIDField(db_index=True)
    since = models.DateTimeField()

    class Meta:
        db_table = "identity_ins"


class Organisation(models.Model):
    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=200)
    finess = models.CharField(max_length=9, blank=True)
    siret = models.CharField(max_length=14, blank=True)
    sector = models.CharField(max_length=10)
    region = models.CharField(max_length=3)
    source_ids = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    city = models.CharField(max_length=100, blank=True)
    technical_id = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "identity_organisation"
        indexes = (
            models.Index(fields=("finess",), name="organisation_finess", condition=~models.Q(finess="")),
            models.Index(fields=("siret",), name="organisation_siret", condition=~models.Q(siret="")),
            models.Index(fields=("technical_id",), name="organisation_technical", condition=~models.Q(technical_id="")),
        )
