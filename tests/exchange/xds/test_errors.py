"""The one table of IHE codes: every reason has a code of the standard, and the right one."""

from typing import Any

import pytest

from espace.exchange.xds.errors import IHE_CODES, code_of, error_of, failure
from espace.kernel.reasons import REASONS, Reason, decisions, documents, identity, querying, transport, xds
from espace.kernel.reasons import soap as soap_reasons
from espace.kernel.words import Problem, Refused, RefusedProblems

ENTRY, SET = "RegistryObjectList/ExtrinsicObject[1]", "RegistryObjectList/RegistryPackage[1]"
GENERAL = frozenset({"XDSRegistryError", "XDSRepositoryError", "XDSRegistryBusy", "XDSRepositoryBusy"})


@pytest.mark.parametrize("registry", [True, False])
def test_every_reason_has_a_code_of_the_standard(registry: bool) -> None:
    said = {code_of(Problem(reason, ""), registry=registry) for reason in REASONS.values()}
    assert said <= IHE_CODES
    assert IHE_CODES - said <= GENERAL | {"XDSNonIdenticalHash"}


def test_what_a_sender_of_documents_may_correct_has_more_than_a_general_code() -> None:
    own = {reason for reason in vars(xds).values() if isinstance(reason, Reason)}
    own |= {
        documents.HASH_MISMATCH, documents.CODE_UNKNOWN, documents.CDA_INCOMPLETE, identity.INS_MISSING,
        identity.IDENTITIES_DIFFER, decisions.SPACE_UNKNOWN, querying.STORED_QUERY_UNKNOWN,
    }  # fmt: skip
    assert GENERAL.isdisjoint(code_of(Problem(reason, ""), registry=False) for reason in own)


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (Problem(documents.UNIQUE_ID_REUSED, f"{ENTRY}.masterIdentifier"), "XDSNonIdenticalHash"),
        (Problem(documents.UNIQUE_ID_REUSED, f"{ENTRY}.masterIdentifier", "or that"), "XDSDuplicateUniqueIdInRegistry"),
        (Problem(documents.UNIQUE_ID_REUSED, f"{ENTRY}.securityLabel"), "XDSDuplicateUniqueIdInRegistry"),
        (Problem(documents.UNIQUE_ID_REUSED, ""), "XDSDuplicateUniqueIdInRegistry"),
        (Problem(soap_reasons.PART_UNKNOWN, "Document[1]"), "XDSMissingDocument"),
        (Problem(transport.TEMPORARILY_UNAVAILABLE, ""), "XDSRepositoryBusy"),
        (Problem(transport.UNEXPECTED_FAULT, ""), "XDSRepositoryError"),
        (Problem(decisions.NO_RULE_ALLOWS, ""), "XDSRepositoryError"),
    ],
)
def test_some_codes_word_for_word(problem: Problem, code: str) -> None:
    assert code_of(problem, registry=False) == code


def test_the_registry_says_its_own_general_errors() -> None:
    assert code_of(Problem(decisions.NO_RULE_ALLOWS, ""), registry=True) == "XDSRegistryError"
    assert code_of(Problem(transport.TEMPORARILY_UNAVAILABLE, ""), registry=True) == "XDSRegistryBusy"


def test_two_reasons_told_alike_are_told_alike_here() -> None:
    opposed, unknown = (Problem(reason, "x") for reason in (decisions.SPACE_OPPOSED, decisions.SPACE_UNKNOWN))
    assert error_of(opposed, registry=False) == error_of(unknown, registry=False)


def test_an_error_teaches_in_french_with_its_code_before_and_its_remedy_and_its_page_behind(settings: Any) -> None:
    settings.ESPACE_PUBLIC_URL = "https://sante.example.org"
    said = error_of(Problem(documents.SIZE_MISMATCH, f"{ENTRY}.content[0].attachment.size", "9 ≠ 22"), registry=False)
    reason = documents.SIZE_MISMATCH
    assert reason.fix
    assert said.context == f"[size_mismatch] {reason.professional.fr} (9 ≠ 22) {reason.fix.fr} https://sante.example.org/erreurs/size_mismatch/"
    assert said.location == f"{ENTRY}/Slot[@name='size']"


@pytest.mark.parametrize(
    ("place", "location"),
    [
        (f"{ENTRY}.content[0].attachment", ENTRY),
        (f"{ENTRY}.context.practiceSetting", f"{ENTRY}/Classification[practiceSettingCode]"),
        (f"{SET}.extension", f"{SET}/ExternalIdentifier[sourceId]"),
        ("Document[1] /ClinicalDocument/id.type", "Document[1] /ClinicalDocument/id.type"),
        ("", ""),
    ],
)
def test_the_places_of_the_record_are_told_in_ebxml(place: str, location: str) -> None:
    assert error_of(Problem(documents.VALUE_INVALID, place), registry=False).location == location


def test_a_failure_lists_every_problem_and_escapes_what_it_tells() -> None:
    problems = (Problem(documents.VALUE_INVALID, 'a"<', "b & c"), Problem(documents.CODE_UNKNOWN, "d"))
    text = failure(RefusedProblems(problems), registry=False).decode()
    assert text.count("<rs:RegistryError ") == 2
    assert "location='a\"&lt;'" in text
    assert "(b &amp; c)" in text
    assert 'status="urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"' in text
    assert failure(Refused(decisions.NO_RULE_ALLOWS), registry=True).count(b"<rs:RegistryError ") == 1
