"""Which mails a holder wants, and when the last one of each topic went out. What a mail is about is never kept."""

from django.db import models


class Preference(models.Model):
    """A holder who chose; without a row every mail is sent."""

    patient_id = models.UUIDField(primary_key=True)
    new_document = models.BooleanField()
    access = models.BooleanField()
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
