"""Which mails a holder wants, when the last one of each topic went out, and what the portal tells them. What a mail is
about is never kept; a notice is sealed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Preference(models.Model):
    """A holder who chose; `mailed` are the wishes that they have."""

    patient_id = models.UUIDField(primary_key=True)
    mailed = ArrayField(models.TextField())
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "notices_preference"


class TopicMail(models.Model):
    """The mails of one topic to one holder: how many, the last one, and the next one that was put off."""

    pk = models.CompositePrimaryKey("patient_id", "topic")
    patient_id = models.UUIDField()
    topic = models.CharField(max_length=32)
    number = models.IntegerField()
    mailed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_mail"


class Notice(models.Model):
    """One notice, sealed. `about` is a blind index of what it tells: the same is told once. The holder and those who
    stand for them each read it for themselves; only the holder takes it away from everybody."""

    pk = models.CompositePrimaryKey("patient_id", "id")
    patient_id = models.UUIDField()
    id = models.UUIDField()
    about = models.BinaryField()
    at = models.DateTimeField()
    read = models.BooleanField()
    read_by_helpers = models.BooleanField()
    gone_for_helpers = models.BooleanField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "notices_notice"
        constraints = (models.UniqueConstraint(fields=("patient_id", "about"), name="told_once"),)
        indexes = (models.Index(fields=("at",), name="notice_long_ago"),)
