"""The PATCH entry of a replacement (MHD 4.2, « IHE.MHD.Patch.Parameters »): it says what is done anyway."""

from collections.abc import Set

from espace.wire.fhir.documents import Reading
from espace.wire.fhir.relating import own_reference
from espace.wire.fhir.resources import Parameters, Part
from espace.wire.report import Report

_EXPECTED = {"type": "replace", "path": "DocumentReference.status", "value": "superseded"}


def superseded(
    parameters: Parameters, place: str, url: str, replaced: Set[str | None], reading: Reading, report: Report
) -> None:
    """Report a PATCH that says anything else than « the document replaced here is superseded »."""
    if len(parameters.parameter) != 1 or not _is_expected(parameters.parameter[0]):
        report.unsupported(f"{place}.resource", "replace DocumentReference.status by superseded, nothing else")
    if url and own_reference(url, f"{place}.request.url", reading.base, report) not in {*replaced, ""}:
        report.unsupported(f"{place}.request.url", "the target of a replaces of this bundle")


def _is_expected(operation: Part) -> bool:
    said = {part.name: part.value_code or part.value_string for part in operation.part}
    return operation.name == "operation" and len(operation.part) == len(_EXPECTED) and said == _EXPECTED
