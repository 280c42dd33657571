"""The authorities accepted by this installation, as their files have them now: a file brought anew is read anew."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from espace.kernel.reasons import transport
from espace.kernel.words import Refused
from espace.wire.saml.certificates import Bearer, Judged, Trust, Use, judge, read_trust

MOST_JUDGED = 512
"""Certificates of which the judgment is kept: 10 KB each at most."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of the files, and what it said of the certificates shown since: a judgment never outlives the
    reading that it comes from, and what is refused is not kept. The hour and the lists of revocations count at each
    use."""

    trust: Trust
    _judge: Callable[[bytes, Use], Judged]

    def bearer(self, certificate: bytes, *, use: Use, at: datetime) -> Bearer:
        """As `certificates.bearer`."""
        return self._judge(certificate, use).bearer(at)


_Seen = tuple[tuple[str, int, int], ...]
_kept: dict[_Seen, Reading] = {}
"""The last reading alone, by what was read: paths, instants and sizes."""


def reading() -> Reading:
    """Of the files that the settings name. Raises Refused as `trust`."""
    try:
        return _reading(settings.ESPACE_AUTHORITIES, settings.ESPACE_REVOCATIONS)
    except (OSError, ValueError) as error:
        raise Refused(transport.TEMPORARILY_UNAVAILABLE) from error


def trust() -> Trust:
    """None of the authorities where no file is named. Raises Refused (TEMPORARILY_UNAVAILABLE) while a file cannot be
    used: nobody is then let in by what it said before."""
    return reading().trust


def trust_in(authorities: str, revocations: str) -> Trust:
    """What these files say, "" for no file. Raises OSError or ValueError."""
    return _reading(authorities, revocations).trust


def _reading(authorities: str, revocations: str) -> Reading:
    paths = [Path(name) for name in (authorities, revocations) if name]
    seen = tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in paths)
    if (found := _kept.get(seen)) is None:
        found = _new(read_trust(*(path.read_bytes() for path in paths)) if authorities else Trust())
        _kept.clear()
        _kept[seen] = found
    return found


def _new(said: Trust) -> Reading:
    def judged(certificate: bytes, use: Use) -> Judged:
        return judge(certificate, said, use=use)

    return Reading(said, lru_cache(maxsize=MOST_JUDGED)(judged))
