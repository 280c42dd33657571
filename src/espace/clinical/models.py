"""Tables of facts: sealed blocks, one for each document, and the holder's choice. In clear: ids, versions, times."""

from django.db import models


class Block(models.Model):
    """What was extracted from one document by the rules of version `rules`; a document of which nothing was, for which
    `sealed` is null, is not read again. Apart, for whoever asks: what tells all facts
    apart (`heads`), what is frequent (`many`), and the text to search."""

    pk = models.CompositePrimaryKey("patient_id", "entry_id")
    patient_id = models.UUIDField()
    entry_id = models.UUIDField()
    rules = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    heads = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)
    many = models.BinaryField(null=True)
    text = models.BinaryField(null=True)

    class Meta:
        db_table = "clinical_block"


class Unread(models.Model):
    """How many statements of a kind made no fact, a day: of nobody, and without content."""

    pk = models.CompositePrimaryKey("day", "model", "template", "section", "why")
    day = models.DateField()
    model = models.CharField(max_length=64)
    template = models.CharField(max_length=64)
    section = models.CharField(max_length=16)
    why = models.CharField(max_length=16)
    count = models.BigIntegerField()

    class Meta:
        db_table = "clinical_unread"


class Choice(models.Model):
    """A holder who does not want facts to be extracted from their documents: by whom and since when, sealed. Without a
    row they are."""

    patient_id = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()

    class Meta:
        db_table = "clinical_choice"


class Item(models.Model):
    """What the holder stated in one section of their profile, sealed, its section too. `removed_at` is since when it
    waits to be forgotten."""

    pk = models.CompositePrimaryKey("patient_id", "id")
    patient_id = models.UUIDField()
    id = models.UUIDField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    sealed = models.BinaryField()

    class Meta:
        db_table = "clinical_item"
        indexes = (
            models.Index(fields=("removed_at",), name="item_removed", condition=models.Q(removed_at__isnull=False)),
        )


class Profile(models.Model):
    """What the holder said of whole sections of their profile, and the targets of their measures, sealed."""

    patient_id = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()

    class Meta:
        db_table = "clinical_profile"


class Medicine(models.Model):
    """A box of the list of medicines that an operator loaded; `words` is its name as it is searched."""

    cip = models.CharField(max_length=13, primary_key=True)
    name = models.CharField(max_length=300)
    words = models.CharField(max_length=300)
    substance = models.CharField(max_length=300)
    atc = models.CharField(max_length=7)

    class Meta:
        db_table = "clinical_medicine"
        indexes = (models.Index(fields=("words",), name="medicine_words", opclasses=("text_pattern_ops",)),)


class Growth(models.Model):
    """The percentiles of one measure, sex and age (months), of the curves of growth that an operator loaded; `source`
    says whose they are."""

    pk = models.CompositePrimaryKey("measure", "sex", "age")
    measure = models.CharField(max_length=6)
    sex = models.CharField(max_length=1)
    age = models.FloatField()
    p3 = models.FloatField()
    p50 = models.FloatField()
    p97 = models.FloatField()
    source = models.CharField(max_length=200)

    class Meta:
        db_table = "clinical_growth"
