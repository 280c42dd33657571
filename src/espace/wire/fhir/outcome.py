"""Problems → OperationOutcome (R4, operationoutcome.html): one issue a problem, in French or English."""

import re
from collections.abc import Sequence

import msgspec

from espace.kernel.reasons import Reason, Sentence
from espace.kernel.words import Problem, Refused, RefusedProblems
from espace.wire.fhir.resources import CodeableConcept, Coding, Issue, OperationOutcome

REASON_SYSTEM = "urn:espace:reason"
"""The code system of the closed list of reasons."""


def problems_of(refusal: Refused) -> tuple[Problem, ...]:
    """Every problem that a refusal carries; one where it lists none."""
    if isinstance(refusal, RefusedProblems):
        return refusal.problems
    return (Problem(refusal.reason, refusal.place, refusal.detail),)


def outcome(problems: Sequence[Problem], *, language: str = "fr", pages: str = "") -> bytes:
    """The OperationOutcome of these problems, in JSON; `language` is fr or en. `pages` is the address, with a slash at
    its end, below which each reason has a page: R4 has no element for it, and people read the diagnostics."""
    issues = tuple(_issue(problem, language, pages) for problem in problems)
    return msgspec.json.encode(OperationOutcome(issue=issues))


def _issue(problem: Problem, language: str, pages: str) -> Issue:
    reason = problem.reason
    coding = Coding(system=REASON_SYSTEM, code=reason.told_code)
    return Issue(
        severity="error",
        code=reason.issue,
        details=CodeableConcept(coding=(coding,), text=_said(reason.professional, language)),
        diagnostics=_diagnostics(problem, language, pages),
        expression=_expression(problem.place),
    )


def _said(sentence: Sentence, language: str) -> str:
    return sentence.en if language == "en" else sentence.fr


def _diagnostics(problem: Problem, language: str, pages: str) -> str | None:
    """Where and what was found there — what to do about it, and the page of the reason."""
    found = " : ".join(part for part in (problem.place, problem.detail) if part)
    page = f"{pages}{problem.reason.told_code}/" if pages else ""
    todo = " ".join(part for part in (_fix(problem.reason, language), page) if part)
    return " — ".join(part for part in (found, todo) if part) or None


def _fix(reason: Reason, language: str) -> str:
    return _said(reason.fix, language) if reason.fix else ""


def _expression(place: str) -> tuple[str, ...]:
    """The FHIRPath of a place, or `http.` and the name of a header or parameter (R4, OperationOutcome.issue).

    What follows a space is a path inside a document (XPath, line), and a place that is neither is no expression.
    """
    path = place.partition(" ")[0]
    return (path,) if _PATH.fullmatch(path) else ()


_STEP = r"[A-Za-z_]\w*(?:\[\d+\])?"
_PATH = re.compile(rf"http\.[\w.:-]+|[A-Z]\w*(?:\.{_STEP})*", re.ASCII)
