"""What a restoration ends with: what was destroyed since stays destroyed, and everybody proves who they are again."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from espace.site.backup import files, keys
from espace.site.backup.facts import Folders, Kind, Run
from espace.site.config import RESTORING, Config
from espace.site.databases import grant_rights
from espace.site.places import databases
from espace.site.postgres import running
from espace.site.runtime import close_connections, set_up_django


@dataclass(frozen=True, slots=True)
class Finished:
    """How many keys are known to be destroyed, how many sessions and tokens were ended."""

    tombstones: int
    sessions: int
    tokens: int


def finish(config: Config, folders: Folders, run: Run) -> Finished:
    """The last steps, then the home is one that may start."""
    with running(config, owning=True):
        set_up_django()
        try:
            if run.kind is Kind.DUMP:
                grant_rights(databases(config)["default"].user)
            _check_keys()
            _mark_contents()
            found = Finished(_bury(folders, config, run), *_end_sessions())
        finally:
            close_connections()
    files.forget(config.home / RESTORING)
    return found


def _check_keys() -> None:
    """Raises KeyServiceUnavailable when the databases were sealed with other keys than those put back."""
    from espace.keys.queries import health

    health()


def _mark_contents() -> None:
    """A folder that was put back is this installation's; a bucket that does not answer now says so by itself."""
    from espace.record.actions.contents import make_store

    with suppress(OSError):
        make_store()


def _bury(folders: Folders, config: Config, run: Run) -> int:
    """Destroy again every key that was destroyed after the moment that is restored."""
    from espace.kernel.ids import PatientId
    from espace.keys.actions import bury
    from espace.keys.adapters import tombstones
    from espace.keys.facts import KeyKind

    found = keys.listed_tombstones(folders, run.tombstones)
    for one in sorted(found):
        bury(PatientId(one.patient), (KeyKind(one.kind),), at=one.at)
    target = Path(config.home / "keys" / tombstones.FILE_NAME)
    files.write_durably(target, tombstones.text_of(found).encode("ascii"))
    return len(found)


def _end_sessions() -> tuple[int, int]:
    """One that was ended after the moment restored would be open again, and a way back that was cancelled would wait
    again: all end, and people sign in."""
    from django.contrib.sessions.models import Session

    from espace.catalogue.actions import revoke_every_token
    from espace.edge import now
    from espace.identity.actions.recovery import forget_every_recovery

    forget_every_recovery()
    sessions, _ = Session.objects.all().delete()
    return sessions, revoke_every_token(at=now())
