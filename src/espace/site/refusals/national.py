"""The families of the national requests (TD0.2, TD0.3, TD0.4, TD0.9)."""

from espace.kernel.reasons import Sentence, national
from espace.site.refusals import samples_soap
from espace.site.refusals.facts import Family, Where

FAMILIES: tuple[Family, ...] = (
    Family(
        "nationales",
        Sentence("Les demandes nationales (TD0.2 à TD0.9)", "National requests (TD0.2 to TD0.9)"),
        frozenset({Where.NATIONAL}),
        (national.NATIONAL_MALFORMED, national.ATTENDING_NOT_BY_ONESELF),
        Sentence(
            "Un professionnel demande pour lui-même : l’état d’un espace, sa propre autorisation, ses patients, une "
            "adresse qui ouvre l’espace. Il n’en devient pas médecin traitant.",
            "A professional asks for themselves: the status of a space, their own authorisation, their patients, an "
            "address that opens the space. It makes nobody the attending doctor.",
        ),
        Sentence(
            "TD0.2 : `location` du détail. Les autres : l’attribut `place` de `error`.",
            "TD0.2: `location` of the detail. The others: the attribute `place` of `error`.",
        ),
        (samples_soap.AUTHORISATION, samples_soap.EXISTENCE),
        ("ANS, TD0.2 (DMPi)", "CSP, art. R1111-54"),
    ),
    Family(
        "adresse",
        Sentence("L’adresse qui ouvre un espace (TD0.9)", "The address that opens a space (TD0.9)"),
        frozenset({Where.PAGE}),
        (national.HANDOVER_SPENT,),
        Sentence(
            "L’adresse sert une fois, pendant une minute, au professionnel dont le logiciel l’a demandée.",
            "The address serves once, for a minute, the professional whose program asked for it.",
        ),
        Sentence(
            "Rien dans l’adresse : elle ne dit ni qui, ni pourquoi elle ne sert plus.",
            "Nothing in the address: it says neither who, nor why it serves no more.",
        ),
        (samples_soap.ADDRESS,),
        ("ANS, TD0.9 (DMPi)",),
    ),
)
