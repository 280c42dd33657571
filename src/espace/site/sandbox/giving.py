"""A sandbox and its files, as this installation is set: what the page and the command give."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from espace.site.sandbox.certificates import certificates
from espace.site.sandbox.facts import Bounds, Full, Sandbox, Vendor
from espace.site.sandbox.files import files_of
from espace.site.sandbox.registering import register


@dataclass(frozen=True, slots=True)
class Given:
    sandbox: Sandbox
    files: dict[str, bytes]


def give(vendor: Vendor, *, at: datetime) -> Given | Full:
    """Made and told once; or why not now. Demonstration and test homes only: callers see to it, and so does this."""
    if not settings.ESPACE_TEST_IDENTITIES:
        raise RuntimeError("a sandbox where real people are")
    bounds = Bounds(settings.ESPACE_SANDBOX_HOUR, settings.ESPACE_SANDBOX_MOST)
    made = register(vendor, bounds=bounds, at=at)
    if isinstance(made, Full):
        return made
    own = certificates(made, accepted=settings.ESPACE_AUTHORITIES, at=at)
    return Given(made, files_of(made, url=settings.ESPACE_PUBLIC_URL, certificates=own, at=at))
