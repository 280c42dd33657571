"""Who of the demonstration's professionals can sign in; everything shown here is for the demonstration only."""

from dataclasses import dataclass

from espace.site.demo.structures import ATTENDING, EMERGENCY, NURSE, STRANGER
from espace.wire.cda_writing import Organisation, Professional


@dataclass(frozen=True, slots=True)
class Account:
    """A professional with a way in; `totp_secret` is in base 32. `structures` are where the provider knows them to
    act: with more than one, it does not say where they act today. `regulates`: it says that they handle
    emergency calls."""

    slug: str
    professional: Professional
    about: str
    identifier: str
    password: str
    totp_secret: str
    structures: tuple[Organisation, ...]
    regulates: bool = False

    @property
    def sub(self) -> str:
        """The provider's own name of the person, which says nothing of them to anybody else."""
        return f"f:8f1a52c6-6c1e-4f0e-9d0e-2f8f3a1b7c55:{self.professional.id}"


def _account(
    slug: str, who: Professional, about: str, password: str, secret: str, *, regulates: bool = False
) -> Account:
    identifier = f"{who.given}.{who.family}".lower().replace("é", "e").replace("è", "e").replace(" ", "-")
    return Account(slug, who, about, identifier, password, secret, (who.organisation,), regulates)


ACCOUNTS: tuple[Account, ...] = (
    _account(
        "doctor",
        ATTENDING,
        "Médecin généraliste : la médecin traitante de Camille.",
        "Le-stethoscope-vert-1",
        "K5SFQ2LTMNZGK5BNMRXWG5DPOIWTCMJR",
    ),
    _account(
        "stranger",
        STRANGER,
        "Médecin généraliste, que la plupart des patients ne connaissent pas.",
        "La-salle-d-attente-2",
        "ONSWG4TFOQWXG5DSMFXGOZLSFUZDEMRS",
    ),
    _account(
        "nurse",
        NURSE,
        "Infirmière à la maison de santé.",
        "Le-carnet-de-tournee-3",
        "ONSWG4TFOQWW45LSONSS2MZTGMZTGMZT",
    ),
    _account(
        "emergency",
        EMERGENCY,
        "Médecin urgentiste : répond aux appels du SAMU.",
        "La-sirene-du-matin-4",
        "ONSWG4TFOQWW45LSONSS2NBUGQ2DINBU",
        regulates=True,
    ),
)


def account_of(identifier: str) -> Account | None:
    return next((one for one in ACCOUNTS if one.identifier == identifier.strip().lower()), None)
