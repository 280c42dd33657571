"""Client certificates of a sandbox, where the installation accepts an authority whose key it has beside it: that of a
demonstration, or one that `./espace authority` made."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from espace.kernel.values import replace
from espace.site import certifying
from espace.site.sandbox.facts import Sandbox


def certificates(made: Sandbox, *, accepted: str, at: datetime) -> dict[str, str]:
    """Two of the structure, one of the professional's card, with their keys, and the authority; nothing where
    `accepted`, the file of the authorities, is somebody else's."""
    pem = Path(accepted)
    if pem.name != f"{certifying.AUTHORITY}.pem" or not pem.with_suffix(".key").is_file():
        return {}
    with TemporaryDirectory() as name:
        by = replace(certifying.authority(pem.parent, at=at), folder=Path(name))
        certifying.structure(by, made.structure.organisation.id, at=at)
        certifying.person(by, made.professional.id, at=at)
        own = {path.name: path.read_text("ascii") for path in sorted(Path(name).iterdir())}
    return {pem.name: pem.read_text("ascii"), **own}
