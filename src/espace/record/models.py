"""In clear: ids, status, times, size. Everything a sender stated, and who sent it, is sealed."""

from django.db import models

from espace.record.facts import ENDED, CopyState, Status
from espace.wire.xds import Linking

_REPLACING = [Linking.REPLACES.value, Linking.TRANSFORMS_AND_REPLACES.value]
_STORED = (Status.APPROVED, Status.ARCHIVED, Status.DELETED)
"""A document is « Deprecated » for whoever knows of what replaces it: the association says so, not its row."""


class Submission(models.Model):
    pk = models.CompositePrimaryKey("patient_id", "id")
    patient_id = models.UUIDField()
    id = models.UUIDField()
    submitted_at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "record_submission"


class Entry(models.Model):
    """`depositor` is a blind index of patient and organisation: a feeder's own deposits, and nobody else's; of the
    patient twice for what the holder added. `revision` is how
    many times its metadata were set: at the deposit, and whenever `changed_at` is (version of XDS). `removed_at` is
    since when the holder's own document waits to be forgotten."""

    pk = models.CompositePrimaryKey("patient_id", "id")
    patient_id = models.UUIDField()
    id = models.UUIDField()
    submission_id = models.UUIDField()
    status = models.CharField(max_length=12)
    deposited_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1, db_default=1)
    size = models.PositiveIntegerField()
    content = models.UUIDField()
    depositor = models.BinaryField()
    sealed = models.BinaryField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "record_entry"
        indexes = (
            models.Index(fields=("patient_id", "depositor"), name="entry_depositor"),
            # Which contents of the store are named by a row: what is not is collected.
            models.Index(fields=("content",), name="entry_content"),
            models.Index(
                fields=("removed_at",), name="entry_removed", condition=models.Q(removed_at__isnull=False)
            ),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(status__in=[s.value for s in _STORED]), name="entry_status"),
        )


class EntryVersion(models.Model):
    """What an entry, or a filed folder, stated until its depositor or author stated it anew, sealed: kept, and shown to
    nobody."""

    pk = models.CompositePrimaryKey("patient_id", "id")
    patient_id = models.UUIDField()
    id = models.UUIDField()
    entry_id = models.UUIDField()
    revision = models.PositiveIntegerField()
    replaced_at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "record_entry_version"
        constraints = (
            models.UniqueConstraint(fields=("patient_id", "entry_id", "revision"), name="entry_version_once"),
        )


class Folder(models.Model):
    """A folder of the holder's, its name sealed; `blind` is the index of patient and name: two never have one name."""

    pk = models.CompositePrimaryKey("patient_id", "id")
    patient_id = models.UUIDField()
    id = models.UUIDField()
    blind = models.BinaryField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "record_folder"
        constraints = (models.UniqueConstraint(fields=("patient_id", "blind"), name="folder_name"),)


class FiledFolder(models.Model):
    """A folder that a depositor filed (XDS), what it states sealed; `depositor` as of an entry. `changed_at` is when
    its depositor last changed it, `revision` how many times its metadata were set."""

    pk = models.CompositePrimaryKey("patient_id", "id")
    patient_id = models.UUIDField()
    id = models.UUIDField()
    submission_id = models.UUIDField()
    status = models.CharField(max_length=12)
    filed_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1, db_default=1)
    depositor = models.BinaryField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "record_filed_folder"
        indexes = (models.Index(fields=("patient_id", "depositor"), name="filed_folder_depositor"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status__in=[Status.APPROVED.value, Status.DEPRECATED.value]),
                name="filed_folder_status",
            ),
        )


class FiledMember(models.Model):
    """Which documents are in a filed folder, by which submission and since when."""

    pk = models.CompositePrimaryKey("patient_id", "folder_id", "entry_id")
    patient_id = models.UUIDField()
    folder_id = models.UUIDField()
    entry_id = models.UUIDField()
    submission_id = models.UUIDField()
    added_at = models.DateTimeField()

    class Meta:
        db_table = "record_filed_member"
        indexes = (models.Index(fields=("patient_id", "entry_id"), name="filed_member_entry"),)


class Topic(models.Model):
    """A health topic of the holder's, sealed; `blind` is the index of patient and name: two never have one name."""

    pk = models.CompositePrimaryKey("patient_id", "id")
    patient_id = models.UUIDField()
    id = models.UUIDField()
    blind = models.BinaryField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "record_topic"
        constraints = (models.UniqueConstraint(fields=("patient_id", "blind"), name="topic_name"),)


class Arrangement(models.Model):
    """In what folder the holder put a document, to which topics they linked it and whether they pinned it, sealed:
    nobody else's to know."""

    pk = models.CompositePrimaryKey("patient_id", "entry_id")
    patient_id = models.UUIDField()
    entry_id = models.UUIDField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "record_arrangement"


class Locator(models.Model):
    """Document or submission set → patient: whose record a request that names one by its id alone is about."""

    entry_id = models.UUIDField(primary_key=True)
    patient_id = models.UUIDField()

    class Meta:
        db_table = "record_locator"


class UniqueId(models.Model):
    """uniqueId → what bears it, inside one patient, by blind index; kept for ever, even after deletion.

    The bytes of what the holder adds are such a name too: of theirs, the last one that was there with these bytes."""

    pk = models.CompositePrimaryKey("patient_id", "blind")
    patient_id = models.UUIDField()
    blind = models.BinaryField()
    target_id = models.UUIDField()

    class Meta:
        db_table = "record_unique_id"


class Association(models.Model):
    """XDS associations between entries, one a pair; `kind` is the last part of the URN."""

    pk = models.CompositePrimaryKey("patient_id", "id")
    patient_id = models.UUIDField()
    id = models.UUIDField()
    kind = models.CharField(max_length=12)
    source_id = models.UUIDField()
    target_id = models.UUIDField()

    class Meta:
        db_table = "record_association"
        indexes = (
            models.Index(fields=("patient_id", "source_id"), name="association_source"),
            models.Index(fields=("patient_id", "target_id"), name="association_target"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("patient_id", "target_id"), condition=models.Q(kind__in=_REPLACING), name="replaced_once"
            ),
            models.UniqueConstraint(fields=("patient_id", "source_id", "target_id"), name="related_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in Linking]), name="association_kind"
            ),
        )


class EndedLink(models.Model):
    """An association that whoever filed it ended: no longer told, and kept so that it can be put back. `kind` as of an
    association, or HasMember of a folder; `depositor` as of an entry."""

    pk = models.CompositePrimaryKey("patient_id", "source_id", "target_id")
    patient_id = models.UUIDField()
    source_id = models.UUIDField()
    target_id = models.UUIDField()
    kind = models.CharField(max_length=12)
    depositor = models.BinaryField()
    ended_at = models.DateTimeField()

    class Meta:
        db_table = "record_ended_link"
        indexes = (models.Index(fields=("patient_id", "depositor"), name="ended_link_depositor"),)
        constraints = (models.CheckConstraint(condition=models.Q(kind__in=sorted(ENDED)), name="ended_link_kind"),)


class Restriction(models.Model):
    """Who restricted what and when, sealed; `confidentialityCode` is its projection."""

    pk = models.CompositePrimaryKey("patient_id", "id")
    patient_id = models.UUIDField()
    id = models.UUIDField()
    entry_id = models.UUIDField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "record_restriction"
        indexes = (models.Index(fields=("patient_id", "entry_id"), name="restriction_entry"),)


class Copy(models.Model):
    """A copy of the whole space that somebody asked for; `asker` is a blind index of patient and account: one for each.
    Of one that is to be destroyed it is its own id, which nobody asks by."""

    pk = models.CompositePrimaryKey("patient_id", "id")
    patient_id = models.UUIDField()
    id = models.UUIDField()
    asker = models.BinaryField()
    state = models.CharField(max_length=8)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    step = models.PositiveIntegerField()
    done = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    size = models.BigIntegerField()

    class Meta:
        db_table = "record_copy"
        indexes = (models.Index(fields=("expires_at",), name="copy_expires"),)
        constraints = (
            models.UniqueConstraint(fields=("patient_id", "asker"), name="copy_once"),
            models.CheckConstraint(condition=models.Q(state__in=[one.value for one in CopyState]), name="copy_state"),
        )


class CopyPart(models.Model):
    """Some bytes of a copy: `id` names them in the content store, sealed there; the files in them are sealed here."""

    pk = models.CompositePrimaryKey("patient_id", "id")
    patient_id = models.UUIDField()
    id = models.UUIDField()
    copy_id = models.UUIDField()
    number = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "record_copy_part"
        indexes = (
            models.Index(fields=("patient_id", "copy_id"), name="copy_part_copy"),
            # Which contents of the store are named by a row: what is not is collected.
            models.Index(fields=("id",), name="copy_part_content"),
        )


class Masking(models.Model):
    """What the holder masks beforehand, sealed; without a row, nothing."""

    patient_id = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()

    class Meta:
        db_table = "record_masking"
