"""« Unless it exists »: the condition of a conditional create (R4, http.html#ccreate)."""

from urllib.parse import parse_qsl

from espace.kernel.reasons import transport
from espace.wire.fhir.values import URI_SYSTEM, uri_id
from espace.wire.report import Report

_MAX = 2_000
_MAX_VALUES = 20


def if_none_exist(text: str, place: str, report: Report) -> frozenset[str]:
    """The uniqueIds of which one at least must not exist: `identifier=urn:ietf:rfc:3986|urn:oid:…` and nothing else.

    Several are separated by commas. Whatever else would be asked is reported, never passed over.
    """
    found = _identifiers(text) if len(text) <= _MAX else frozenset()
    if not found:
        report.add(transport.PARAMETER_UNSUPPORTED, place, f"identifier={URI_SYSTEM}|urn:… is expected, nothing else")
    return found


def _identifiers(text: str) -> frozenset[str]:
    try:
        pairs = parse_qsl(text.removeprefix("?"), keep_blank_values=True, errors="strict", max_num_fields=2)
    except ValueError:
        return frozenset()
    if [name for name, _ in pairs] != ["identifier"]:
        return frozenset()
    values = pairs[0][1].split(",")
    found = [_unique_id(value) for value in values]
    return frozenset(found) if all(found) and len(found) <= _MAX_VALUES else frozenset()


def _unique_id(token: str) -> str:
    """The uniqueId of `system|value`, or of a value alone; "" for anything else."""
    system, bar, value = token.partition("|")
    return uri_id(value if bar else token) if not bar or system == URI_SYSTEM else ""
