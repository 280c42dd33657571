"""A migration runs while the version before it serves: each one after its room's first only adds."""

import importlib
import pkgutil
from types import ModuleType

import pytest
from django.contrib.postgres import operations as postgres
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

import espace
from architecture.migrations_rule import NOTE, faults
from docs.generate import ROOT

CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
INDEX = models.Index(fields=["at"], name="at_of_line")
CHECK = models.CheckConstraint(condition=models.Q(at__gt=0), name="at_positive")
KEY = models.ForeignKey("identity.Account", models.CASCADE, null=True)
LOOSE = models.ForeignKey("identity.Account", models.CASCADE, null=True, db_constraint=False, db_index=False)
NEW = migrations.CreateModel("Line", [("id", models.BigAutoField(primary_key=True)), ("at", models.IntegerField())])


def ours() -> list[ModuleType]:
    names = (one.name for one in pkgutil.walk_packages(espace.__path__, "espace."))
    found = [name for name in names if ".migrations." in name]
    return [importlib.import_module(name) for name in sorted(found)]


def named(module: ModuleType) -> str:
    return module.__name__.removeprefix("espace.")


def test_every_room_with_tables_is_looked_at() -> None:
    assert {"record.migrations.0001_initial", "keys.migrations.0001_initial"} <= set(map(named, ours()))


@pytest.mark.parametrize("module", ours(), ids=named)
def test_after_the_first_a_migration_only_adds(module: ModuleType) -> None:
    if not module.Migration.initial:
        assert faults(module.Migration, getattr(module, NOTE, ""), CHANGELOG) == []


def migration(*operations: Operation, atomic: bool = True) -> migrations.Migration:
    made = type("Migration", (migrations.Migration,), {"operations": list(operations), "atomic": atomic})
    return made("0002_sample", "record")


@pytest.mark.parametrize(
    "sample",
    [
        migration(NEW),
        migration(NEW, migrations.AddIndex("line", INDEX), migrations.AddField("line", "who", KEY)),
        migration(migrations.AddField("line", "more", models.TextField(null=True))),
        migration(migrations.AddField("line", "more", models.TextField(db_default=""))),
        migration(migrations.AddField("line", "who", LOOSE)),
        migration(postgres.AddIndexConcurrently("line", INDEX), atomic=False),
        migration(postgres.AddConstraintNotValid("line", CHECK)),
        migration(postgres.ValidateConstraint("line", CHECK.name)),
        migration(migrations.SeparateDatabaseAndState([], [migrations.RemoveField("line", "old")])),
        migration(migrations.AlterModelOptions("line", {"ordering": ["at"]})),
    ],
)
def test_what_only_adds_is_taken(sample: migrations.Migration) -> None:
    assert faults(sample) == []


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        (migration(migrations.AddField("line", "more", models.TextField())), "cannot insert"),
        (migration(migrations.AddField("line", "more", models.TextField(default=""))), "cannot insert"),
        (migration(migrations.AddField("line", "more", models.TextField(null=True, unique=True))), "locks the table"),
        (migration(migrations.AddField("line", "more", models.TextField(null=True, db_index=True))), "locks the table"),
        (migration(migrations.AddField("line", "who", KEY)), "locks"),
        (migration(NEW, migrations.AddIndex("other", INDEX)), "not an addition"),
        (migration(migrations.AddIndex("line", INDEX)), "not an addition"),
        (migration(postgres.AddIndexConcurrently("line", INDEX)), "atomic = False"),
        (migration(migrations.AddConstraint("line", CHECK)), "not an addition"),
        (
            migration(postgres.AddConstraintNotValid("line", CHECK), postgres.ValidateConstraint("line", CHECK.name)),
            "validated by one migration",
        ),
        (migration(migrations.RemoveField("line", "old")), "not an addition"),
        (migration(migrations.RenameField("line", "old", "new")), "not an addition"),
        (migration(migrations.AlterField("line", "old", models.TextField(null=True))), "not an addition"),
        (migration(migrations.DeleteModel("Line")), "not an addition"),
        (migration(migrations.RenameModel("Line", "Row")), "not an addition"),
        (migration(migrations.RunSQL("SELECT 1")), "not an addition"),
        (migration(migrations.RunPython(migrations.RunPython.noop)), "not an addition"),
        (migration(migrations.SeparateDatabaseAndState([migrations.DeleteModel("Line")])), "not an addition"),
    ],
)
def test_what_takes_away_or_locks_is_refused_unless_its_release_note_is_in_the_changelog(
    sample: migrations.Migration, said: str
) -> None:
    [fault] = faults(sample)
    assert said in fault
    note = "Stop the server for this one."
    assert faults(sample, note, f"- {note} It renames a column.") == []
    assert faults(sample, note, "- Nothing of the kind.") == [f"{NOTE} is no sentence of CHANGELOG.md"]
