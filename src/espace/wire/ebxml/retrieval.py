"""RetrieveDocumentSet: which documents are asked for, and the answer around their bytes (ITI TF-2, 3.43)."""

from collections.abc import Sequence
from dataclasses import dataclass

from espace.kernel.reasons import querying as reasons
from espace.kernel.words import Problem, RefusedProblems
from espace.wire.ebxml.responses import FAILURE, PARTIAL, SUCCESS, RegistryError, error_list
from espace.wire.ebxml.schemes import RS, XDSB, XOP
from espace.wire.ebxml.writing import text
from espace.wire.xml import Element

REQUEST = f"{{{XDSB}}}RetrieveDocumentSetRequest"
MAX_DOCUMENTS = 50
_MAX_LENGTH = 300
_ONE = f"{{{XDSB}}}DocumentRequest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One document asked for, by its uniqueId in a repository; `place` is where the request says so."""

    place: str
    repository: str
    unique_id: str


@dataclass(frozen=True, slots=True)
class Retrieved:
    """One document answered: its id as it was asked for, and the name of the part that holds its bytes."""

    unique_id: str
    mime_type: str
    part: str


def read(request: Element) -> tuple[Wanted, ...]:
    """What is asked for, each document once. Raises RefusedProblems (RETRIEVAL_MALFORMED)."""
    rows = list(request)
    problems = [] if 0 < len(rows) <= MAX_DOCUMENTS else [_wrong("", f"1 to {MAX_DOCUMENTS} DocumentRequest")]
    found: dict[tuple[str, str], Wanted] = {}
    for number, row in enumerate(rows[:MAX_DOCUMENTS], 1):
        place = f"DocumentRequest[{number}]"
        repository, unique_id = (_said(row, name) for name in ("RepositoryUniqueId", "DocumentUniqueId"))
        if row.tag != _ONE or not repository or not unique_id:
            problems.append(_wrong(place, "one RepositoryUniqueId and one DocumentUniqueId"))
        one = Wanted(place, _bare(repository), _bare(unique_id))
        found.setdefault((one.repository, one.unique_id), one)
    if problems:
        raise RefusedProblems(tuple(problems))
    return tuple(found.values())


def _wrong(place: str, expected: str) -> Problem:
    return Problem(reasons.RETRIEVAL_MALFORMED, place, f"{expected} expected")


def _said(row: Element, name: str) -> str:
    """The text of an element that is there once; "" for any other."""
    said = [(one.text or "").strip() for one in row.findall(f"{{{XDSB}}}{name}")]
    return said[0] if len(said) == 1 and len(said[0]) <= _MAX_LENGTH else ""


def _bare(text: str) -> str:
    """An id as XDS has it: an OID bare, a UUID in lower case."""
    return text.lower() if text.lower().startswith("urn:uuid:") else text.removeprefix("urn:oid:")


def response(repository: str, retrieved: Sequence[Retrieved], errors: Sequence[RegistryError] = ()) -> bytes:
    """The answer: it succeeds, fails where no document is in it, or does in part."""
    status = SUCCESS if not errors else PARTIAL if retrieved else FAILURE
    return (
        f'<RetrieveDocumentSetResponse xmlns="{XDSB}" xmlns:rs="{RS}">'
        f'<rs:RegistryResponse status="{status}">{error_list(errors)}</rs:RegistryResponse>'
        f"{''.join(_document(repository, one) for one in retrieved)}</RetrieveDocumentSetResponse>"
    ).encode()


def _document(repository: str, one: Retrieved) -> str:
    return (
        f"<DocumentResponse><RepositoryUniqueId>{text(repository)}</RepositoryUniqueId>"
        f"<DocumentUniqueId>{text(one.unique_id)}</DocumentUniqueId><mimeType>{text(one.mime_type)}</mimeType>"
        f'<Document><xop:Include xmlns:xop="{XOP}" href="cid:{text(one.part)}"/></Document></DocumentResponse>'
    )
