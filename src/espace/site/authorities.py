"""Which authorities of certificates an installation accepts, and whether what is said of them can be used."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from espace.exchange.xds.trusting import trust_in
from espace.site.reading import BadConfiguration
from espace.wire.saml.certificates import is_structure


def own_authority(home: Path) -> Path:
    """The authority of tests of a demonstration, its key beside; `./espace demo` makes both."""
    return home / "authority" / "authority.pem"


def own_certificate(home: Path) -> Path:
    """That of this machine, by the same authority: for the TLS fronts of a demonstration."""
    return own_authority(home).with_name("localhost.pem")


def authorities_of(environment: Mapping[str, str], home: Path, *, marked: bool) -> str:
    """The file that is named; else that of a demonstration or test home (`marked`) where one was made; "" for none."""
    own = own_authority(home)
    return environment.get("ESPACE_AUTHORITIES", str(own) if marked and own.is_file() else "")


def check_authorities(authorities: str, revocations: str, centres: Sequence[str]) -> None:
    """Raises BadConfiguration."""
    if revocations and not authorities:
        raise BadConfiguration("ESPACE_REVOCATIONS needs ESPACE_AUTHORITIES.")
    for structure in centres:
        if not is_structure(structure):
            raise BadConfiguration(f"ESPACE_DISPATCH_CENTRES: {structure} is not a Struct_IdNat, such as 1440000012.")
    try:
        trust_in(authorities, revocations)
    except (OSError, ValueError) as error:
        raise BadConfiguration(f"ESPACE_AUTHORITIES or ESPACE_REVOCATIONS cannot be used: {error}.") from None
