"""What a migration may do while the version before it still serves: add, and never take away, rename or lock for long.

A new column is NULL or has its default in the database: the version before inserts rows without naming it. An index is
made concurrently, outside a transaction; a constraint is added without looking at the rows (NOT VALID), and validated
by another migration (that the version before writes nothing against it, a reader has to judge). Anything else is for a
planned stop: the migration says so in `RELEASE_NOTE`, a sentence of CHANGELOG.md.
"""

from collections.abc import Callable, Iterator, Mapping

from django.contrib.postgres import operations as postgres
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

NOTE = "RELEASE_NOTE"


Migration = migrations.Migration | type[migrations.Migration]


def faults(migration: Migration, note: str = "", changelog: str = "") -> list[str]:
    """What this migration may not do, one sentence each; with a note of the changelog it may do everything."""
    if note:
        return [] if note in changelog else [f"{NOTE} is no sentence of CHANGELOG.md"]
    made = {one.name.lower() for one in migration.operations if isinstance(one, migrations.CreateModel)}
    operations = list(_flat(migration.operations))
    found = [fault for one in operations if (fault := _fault(one, migration, made))]
    added = {one.constraint.name for one in operations if isinstance(one, postgres.AddConstraintNotValid)}
    checked = {one.name for one in operations if isinstance(one, postgres.ValidateConstraint)}
    return found + [f"{name}: added and validated by one migration" for name in sorted(added & checked)]


def _flat(operations: list[Operation]) -> Iterator[Operation]:
    """What reaches the database: of a separated operation, that half."""
    for one in operations:
        if isinstance(one, migrations.SeparateDatabaseAndState):
            yield from _flat(one.database_operations)
        else:
            yield one


def _fault(one: Operation, migration: object, made: set[str]) -> str:
    if str(getattr(one, "model_name", "")).lower() in made and isinstance(one, _ON_A_NEW_TABLE):
        return ""
    judge = next((judge for kind, judge in JUDGES.items() if type(one) is kind), None)
    wrong = judge(one, migration) if judge else "is not an addition"
    return f"{one.describe()}: {wrong}" if wrong else ""


def _fine(one: Operation, migration: object) -> str:
    return ""


def _column(one: Operation, migration: object) -> str:
    """A column that the version before may leave out, and that costs no reading of the table."""
    field: models.Field[object, object] = one.field  # type: ignore[attr-defined]  # of AddField
    if not (field.null or field.has_db_default()):
        return "neither NULL nor a default in the database (db_default): the version before cannot insert"
    if field.unique or field.db_index:
        return "an index made with the column locks the table: AddIndexConcurrently in another migration"
    if field.remote_field and getattr(field, "db_constraint", False):
        return "a foreign key locks both tables: db_constraint=False, then AddConstraintNotValid"
    return ""


def _alone(one: Operation, migration: object) -> str:
    return "" if getattr(migration, "atomic", True) is False else "needs a migration with atomic = False"


JUDGES: Mapping[type[Operation], Callable[[Operation, object], str]] = {
    migrations.CreateModel: _fine,
    migrations.AddField: _column,
    migrations.AlterModelOptions: _fine,
    migrations.AlterModelManagers: _fine,
    postgres.AddIndexConcurrently: _alone,
    postgres.AddConstraintNotValid: _fine,
    postgres.ValidateConstraint: _fine,
}
_ON_A_NEW_TABLE = (migrations.AddField, migrations.AddIndex, migrations.AddConstraint, migrations.AlterUniqueTogether)
"""On a table that the same migration makes: nobody has a row there, nobody waits for it."""
