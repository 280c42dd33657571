"""What every transaction answers with: rs:RegistryResponse and its errors (ITI TF-3, 4.2.4), values → bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from espace.wire.ebxml.schemes import RS

SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
FAILURE = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"
PARTIAL = "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess"
ERROR = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error"
WARNING = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Warning"


@dataclass(frozen=True, slots=True)
class RegistryError:
    """One rs:RegistryError: `code` is one of table 4.2.4.1-2, `context` what people read, `location` where."""

    code: str
    context: str
    location: str = ""
    severity: str = ERROR


def registry_response(status: str, errors: Sequence[RegistryError] = ()) -> bytes:
    """The body of an answer that is nothing more."""
    listed = error_list(errors)
    return f'<rs:RegistryResponse xmlns:rs="{RS}" status="{status}">{listed}</rs:RegistryResponse>'.encode()


def error_list(errors: Sequence[RegistryError]) -> str:
    """The rs:RegistryErrorList, "" for no error; the prefix `rs` is declared around it."""
    if not errors:
        return ""
    highest = ERROR if any(one.severity == ERROR for one in errors) else WARNING
    return f'<rs:RegistryErrorList highestSeverity="{highest}">{"".join(map(_error, errors))}</rs:RegistryErrorList>'


def _error(one: RegistryError) -> str:
    where = f" location={quoteattr(one.location)}" if one.location else ""
    return (
        f"<rs:RegistryError errorCode={quoteattr(one.code)} codeContext={quoteattr(one.context)}"
        f' severity="{one.severity}"{where}/>'
    )
