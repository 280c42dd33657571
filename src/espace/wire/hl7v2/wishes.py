"""What a patient told an organisation of the record, in the movements of its patients (PAM-FR 2.11, segment ZFA)."""

import re
from collections.abc import Mapping
from datetime import tzinfo

from espace.kernel.reasons import documents as reasons
from espace.wire.cda.timestamps import instant
from espace.wire.hl7v2.er7 import Message
from espace.wire.hl7v2.people import patients
from espace.wire.hl7v2.values import Wishes
from espace.wire.report import Report

FEEDING: Mapping[str, bool | None] = {"INO": False, "IO": True, "NA": None, "": None}
"""ZFA-9, whether the patient objects to being fed: informed and did not, informed and did; NA says nothing of it."""
CONSULTATION: Mapping[str, bool | None] = {"IC": True, "INC": False, "NA": None, "": None}
"""ZFA-11, whether the patient agreed to being read."""
_DAY, _ENDS = re.compile("[0-9]{8}"), "235959"
"""A day alone is its end: what was heard before, on that same day, is not later than what is said now."""


def read_wish(message: Message, zone: tzinfo, report: Report) -> Wishes:
    """What ZFA says; nothing where there is none, and then it matters to nobody who the patient is. ZFA-1 to ZFA-8 are
    what the sender was once told by the record: they are not read."""
    segments = message.named("ZFA")
    for extra in segments[1:]:
        report.invalid(extra.place(), "one ZFA a message")
    if not segments:
        return Wishes()
    objects, at = None, None
    zfa = segments[0]
    for number in (9, 10, 11):
        if len(message.repetitions(zfa, number)) > 1:
            report.invalid(zfa.place(number), "said once")
    feeding, consultation = message.value(zfa, 9).upper(), message.value(zfa, 11).upper()
    if feeding not in FEEDING:
        report.add(reasons.CODE_UNKNOWN, zfa.place(9), "INO, IO, NA")
    else:
        objects = FEEDING[feeding]
    if consultation not in CONSULTATION:
        report.add(reasons.CODE_UNKNOWN, zfa.place(11), "IC, INC, NA")
    if said := message.value(zfa, 10):
        at = instant(said + _ENDS if _DAY.fullmatch(said) else said, zone)
        if at is None:
            report.invalid(zfa.place(10), "a moment is expected, YYYYMMDDHHMMSS")
    if objects is None:
        return Wishes(consultation=CONSULTATION.get(consultation))
    return Wishes(patients(message, zone, report), objects, at, CONSULTATION.get(consultation))
