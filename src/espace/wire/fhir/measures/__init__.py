"""« API Mesures »: what people measure at home, as applications send it (IHE POU, transaction PCH-01)."""

from espace.wire.fhir.measures.reading import MAX_ENTRIES, Device, Number, Part, Sent, Taken, one, transaction

__all__ = ["MAX_ENTRIES", "MEASURED", "Device", "Number", "Part", "Sent", "Taken", "one", "transaction"]

MEASURED = (
    "bodyweight",
    "bodyheight",
    "bp",
    "bodytemperature",
    "glucose",
    "painseverity",
    "stepsbyday",
    "waistcircumference",
    "headcircumference",
    "heartrate",
)
"""The profiles that are taken: that of the body mass index is not, for it is computed (2.2.8)."""
