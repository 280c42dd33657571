"""The certification authority of a bench, whose certificates its installation takes. Read before Django is ready."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from espace import edge
from espace.site import certifying


@contextmanager
def accepted_authority() -> Iterator[dict[str, str]]:
    """The settings of an installation that takes the certificates of an authority of its own, kept beside it."""
    with TemporaryDirectory(prefix="espace-bench-cards-") as folder:
        made = certifying.authority(Path(folder), at=edge.now())
        path = made.folder / f"{certifying.AUTHORITY}.pem"
        yield {"ESPACE_AUTHORITIES": str(path), "ESPACE_TRUSTED_PROXIES": "1"}
