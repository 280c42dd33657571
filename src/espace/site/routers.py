"""Which database a table lives in: the key service has its own; only the owner's role changes tables."""

from typing import Any


class Databases:
    """`keys` tables in the key service's database; everything else read and written as the application."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return "keys" if model._meta.app_label == "keys" else "default"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return self.db_for_read(model, **hints)

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return bool((one._meta.app_label == "keys") == (other._meta.app_label == "keys"))

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == ("keys" if app_label == "keys" else "owner")
