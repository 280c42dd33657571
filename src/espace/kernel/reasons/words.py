"""What a reason is: one code, one answer for machines, one sentence for each reader."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """The same thing said in French and in English."""

    fr: str
    en: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was allowed or refused.

    `code` is the logged form; `told` the code said outside, the same but where the difference
    between two reasons would tell what must stay unknown. `status` is the HTTP status and `issue`
    the FHIR R4 IssueType (http://hl7.org/fhir/issue-type). `holder` is read in the access log,
    `professional` in pages and errors, `fix` says what to do; a reason that allows needs none. `holder_fix` is what the
    holder may do, where `fix` speaks to a professional. What helpers read is in `espace.kernel.reasons.helped`.
    """

    code: str
    status: int
    issue: str
    holder: Sentence
    professional: Sentence
    fix: Sentence | None = None
    told: str = ""
    holder_fix: Sentence | None = None

    @property
    def told_code(self) -> str:
        return self.told or self.code

    @property
    def allows(self) -> bool:
        return self.status < 400


def allows(code: str, *, holder: Sentence, professional: Sentence) -> Reason:
    return Reason(code, 200, "informational", holder, professional)
