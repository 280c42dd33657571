"""How long what a sender states may be, the same at every door: a rule of the platform, beyond what anybody writes.

What is stated is sealed whole and opened at each search: without a bound, a title of megabytes would make a record slow
for whoever reads it.
"""

from collections.abc import Iterator, Sequence

from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Problem
from espace.wire.xds import Author, Coded, DocumentEntry, Folder, PatientStatement, Submission

TITLE = 500
COMMENTS = 10_000
LANGUAGE = 40
IDENTIFIER = 256
DISPLAY = 500
REPEATS = 100
"""Values at most of what may be said several times: authors, events, references."""

_BODY = "content[0].attachment"


def length_problems(submission: Submission) -> Iterator[Problem]:
    """One problem for each part that is too long, at its place; `detail` says the most, never what was said."""
    yield from _too_long(submission.place, "title", ((submission.title, TITLE),))
    yield from _too_long(submission.place, "description", ((submission.comments, COMMENTS),))
    authors = (submission.author,) if submission.author else ()
    yield from _too_long(submission.place, "author", (*_of_authors(authors), *_of_codes((submission.content_type,))))
    for patient in submission.patients:
        yield from _patient_problems(patient)
    for document in submission.documents:
        yield from entry_problems(document.entry)
    for folder in submission.folders:
        yield from folder_problems(folder)


def _patient_problems(patient: PatientStatement) -> Iterator[Problem]:
    """What a set says of its patient is kept with it; what nothing is compared with has a bound of its own."""
    names = (patient.birth_name, patient.first_given, " ".join(patient.given_names), patient.birth_place)
    said = (*((one, DISPLAY) for one in names), *_of_codes(patient.local_ids))
    if exceeded := [most for value, most in said if len(value) > most]:
        yield Problem(reasons.VALUE_INVALID, patient.place, f"≤ {exceeded[0]}")
    elif len(patient.local_ids) > REPEATS:
        yield Problem(reasons.VALUE_INVALID, patient.place, f"× {REPEATS} max.")


def folder_problems(folder: Folder) -> Iterator[Problem]:
    parts = (("title", ((folder.title, TITLE),)), ("description", ((folder.comments, COMMENTS),)))
    for part, said in (*parts, ("code", _of_codes(folder.codes))):
        yield from _too_long(folder.place, part, said)
    if len(folder.codes) > REPEATS:
        yield Problem(reasons.VALUE_INVALID, f"{folder.place}.code", f"× {REPEATS} max.")


def entry_problems(entry: DocumentEntry) -> Iterator[Problem]:
    codes = (entry.type, entry.class_, entry.format, entry.facility_type, entry.practice_setting)
    signers = (entry.legal_authenticator,) if entry.legal_authenticator else ()
    parts: tuple[tuple[str, Sequence[tuple[str, int]]], ...] = (
        (f"{_BODY}.title", ((entry.title, TITLE),)),
        ("description", ((entry.comments, COMMENTS),)),
        (f"{_BODY}.language", ((entry.language, LANGUAGE),)),
        ("masterIdentifier", ((entry.unique_id, IDENTIFIER),)),
        ("setId", ((entry.set_id, IDENTIFIER),)),
        ("type", _of_codes(codes)),
        ("author", _of_authors(entry.authors)),
        ("authenticator", _of_authors(signers)),
        ("context.event", _of_codes(entry.event_codes)),
        ("context.related", _of_codes(entry.reference_ids)),
    )
    for part, said in parts:
        yield from _too_long(entry.place, part, said)
    many = (("author", entry.authors), ("context.event", entry.event_codes), ("context.related", entry.reference_ids))
    for part, values in many:
        if len(values) > REPEATS:
            yield Problem(reasons.VALUE_INVALID, f"{entry.place}.{part}", f"× {REPEATS} max.")


def _too_long(place: str, part: str, said: Sequence[tuple[str, int]]) -> Iterator[Problem]:
    exceeded = [most for value, most in said if len(value) > most]
    if exceeded:
        yield Problem(reasons.VALUE_INVALID, f"{place}.{part}", f"≤ {exceeded[0]}")


def _of_codes(codes: Sequence[Coded | None]) -> Sequence[tuple[str, int]]:
    known = [one for one in codes[: REPEATS + 1] if one]
    bounds = (IDENTIFIER, IDENTIFIER, DISPLAY)
    return [pair for one in known for pair in zip((one.code, one.system, one.display), bounds, strict=True)]


def _of_authors(authors: Sequence[Author]) -> Sequence[tuple[str, int]]:
    return [pair for one in authors[: REPEATS + 1] for pair in _of_author(one)]


def _of_author(one: Author) -> Sequence[tuple[str, int]]:
    names = ((one.family, IDENTIFIER), (one.given, IDENTIFIER), (one.institution, DISPLAY))
    ids = ((one.person_id, IDENTIFIER), (one.institution_id, IDENTIFIER))
    return (*names, *ids, *_of_codes((one.specialty, one.role)))
