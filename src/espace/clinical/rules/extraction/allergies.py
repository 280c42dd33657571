"""Allergies and intolerances, and what a medicine did to somebody (CI-SIS FR-Allergie-ou-hypersensibilite, FR-Effet-
indesirable; IHE PCC Allergy and Intolerance; C-CDA Allergy - Intolerance Observation).

One whose date does not exist stands without it: it still protects.
"""

import re
from collections.abc import Iterator

from espace.clinical.facts import Detail, Fact, Kind, NotRead, State, Unread
from espace.clinical.rules.extraction import parts
from espace.clinical.rules.extraction.context import Context, Mapper, not_read
from espace.clinical.rules.extraction.knowing import denied_in, none_known, none_of, unsaid
from espace.clinical.rules.extraction.lasting import lasting_state, refuted
from espace.clinical.rules.extraction.observed import observation
from espace.kernel.folding import folded
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept, Statement
from espace.wire.xds import Coded

_AGENT = ("CSM", "CAGNT")
_TYPES = frozenset(
    {
        *("419199007", "416098002", "414285001", "609328004", "426232007", "232347008"),
        *("418038007", "419511003", "418471000", "59037007", "235719002", "420134006", "282100009"),
        *("ALG", "DALG", "EALG", "FALG", "OINT", "DINT", "EINT", "FINT", "NAINT", "DNAINT", "ENAINT", "FNAINT"),
    }
)
"""HL7 ActCode and SNOMED CT: an allergy, an intolerance, a propensity to reactions, to what in general (C-CDA: Allergy
and Intolerance Type, 2.16.840.1.113883.3.88.12.3221.6.2)."""
_TYPE_WORDS = frozenset(
    {
        *("allergie", "allergie medicamenteuse", "allergie alimentaire", "allergie environnementale"),
        *("allergie a une substance", "intolerance", "intolerance medicamenteuse", "intolerance alimentaire"),
        *("hypersensibilite", "hypersensibilite non allergique", "hypersensibilite medicamenteuse", "idiosyncrasie"),
        *("allergy", "drug allergy", "food allergy", "environmental allergy", "allergy to substance"),
        *("intolerance to substance", "drug intolerance", "food intolerance", "propensity to adverse reactions"),
    }
)
"""The same where they are written only, without accents or capitals."""
_OF_TYPE = re.compile(
    r"(?:allerg(?:ies?|y|ic|iques?)|intolerances?|hypersensibilites?|hypersensitivity|idiosyncrasies?"
    r"|effets? (?:indesirables?|secondaires?)|adverse (?:effects?|reactions?|events?))\b"
)
"""How words begin that tell of what sort it is and to what (« Allergie aux pénicillines »), not what happens."""
_WORD = re.compile(r"\w+")


@parts.of_whom
def allergy(statement: Statement, context: Context) -> Fact | NotRead | None:
    """`what` is the agent; without one, the allergy as its value names it; of a plain yes or no, its type."""
    if parts.is_linked(context, parts.REACTIONS):
        return None
    names = [parts.thing(statement, *_AGENT), parts.named_by(statement), statement.code]
    if any(map(unsaid, names)):
        return None
    alone = names[2] if names[2] and parts.names(names[2]) and parts.answer(statement) is not None else None
    what = names[0] or names[1] or alone or parts.words_of(statement)
    nothing = next(filter(none_known, names), None)
    if statement.negated and names[0] is None:
        nothing = nothing or none_of(names[1])
    named = nothing or what
    if named is None:  # its type alone is an empty form
        return not_read(statement, context, Unread.NO_CODE) if statement.related else None
    return _fact(named, statement, context, absent=nothing is not None)


def unknown_allergy(statement: Statement, context: Context) -> Fact | NotRead | None:
    """Without any known template, in the section of allergies: one inside another is what was observed of it, such as
    a test."""
    inside = parts.inside_another(context) and not parts.is_linked(context, parts.REACTIONS)
    return observation(Kind.EXAM, statement, context) if inside else allergy(statement, context)


def _fact(what: Concept, statement: Statement, context: Context, *, absent: bool) -> Fact:
    fact = parts.fact(Kind.ALLERGY, what, statement, context)
    absent = absent or fact.absent or parts.answer(statement) is False or refuted(statement)
    value = _besides(statement, what)
    told = _tells(value, what) if value else None
    remark = value.words if value and told is None else ""
    return replace(
        fact,
        absent=absent,
        state=State.UNKNOWN if absent else lasting_state(statement, context),
        comment="\n".join(dict.fromkeys(filter(None, (fact.comment, remark)))),
        details=parts.details(
            (Detail.CATEGORY, (parts.category(statement, what), value if told is Detail.CATEGORY else None)),
            (Detail.REACTION, (value if told is Detail.REACTION else None, *_reactions(statement))),
            (Detail.SEVERITY, _severity(statement)),
            (Detail.CRITICALITY, parts.said(parts.inside(statement, parts.CRITICALITY))),
            (Detail.CERTAINTY, parts.said(parts.inside(statement, parts.CERTAINTY))),
            (Detail.CLINICAL_STATUS, parts.said(parts.inside(statement, parts.STATUS))),
            (Detail.OUTCOME, parts.said(parts.inside(statement, parts.HEALTH))),
        ),
    )


def _besides(statement: Statement, what: Concept) -> Concept | None:
    """The value of one that also has an agent: its clinical description (CI-SIS), in words alone as well, or its type
    (C-CDA). Words that only say the agent or the type again describe nothing."""
    value = parts.named_by(statement)
    if value is None or value in (what, statement.code):
        return None
    said = (what.display, what.words, *((statement.code.display,) if statement.code else ()))
    return value if value.code or folded(value.words) not in map(folded, said) else None


def _tells(value: Concept, what: Concept) -> Detail | None:
    """Its sort, or what happens; None for a sentence on the allergy, which is kept as a comment: one that says of what
    sort it is and to what, one that names the agent, one that denies."""
    said = folded(value.words)
    if value.code in _TYPES if value.code else said in _TYPE_WORDS:
        return Detail.CATEGORY
    agents = (_apart(folded(each)) for each in (what.display, what.words) if each)
    named = any(agent in _apart(said) for agent in agents)
    remark = not value.code and (_OF_TYPE.match(said) or denied_in(value.words) or named)
    return None if remark else Detail.REACTION


def _apart(words: str) -> str:
    """Its words between single spaces: one is found in another as whole words."""
    return f" {' '.join(_WORD.findall(words))} "


def _reactions(statement: Statement) -> Iterator[Concept]:
    """What happens; how bad it was, where it is said of one of them, is among its qualifiers."""
    for reaction in parts.linked(statement, parts.REACTIONS):
        degrees = parts.said(parts.inside(reaction, parts.SEVERITY))
        told = tuple(Coded(each.code, each.system, each.display or each.words) for each in degrees)
        yield from (replace(each, qualifiers=(*each.qualifiers, *told)) for each in parts.happened(reaction))


def _severity(statement: Statement) -> Iterator[Concept]:
    """Its own, then those of its reactions that happened."""
    yield from parts.said(parts.inside(statement, parts.SEVERITY))
    for reaction in parts.linked(statement, parts.REACTIONS):
        if not parts.denied(reaction):
            yield from parts.said(parts.inside(reaction, parts.SEVERITY))


def adverse_effect(statement: Statement, context: Context) -> Fact | NotRead | None:
    """What a medicine did or may do: `what` is the medicine, which stands inside as an administration."""
    medicines = (parts.product_of(each.statement.product) for each in statement.related)
    what = next(filter(None, medicines), None)
    return (
        not_read(statement, context, Unread.NO_CODE) if what is None else _fact(what, statement, context, absent=False)
    )


TEMPLATES: dict[str, Mapper] = {
    parts.CISIS + "210": adverse_effect,
    parts.CISIS + "41": allergy,
    parts.PCC + "6": allergy,
    parts.CCD + "18": allergy,
    parts.C_CDA + "7": allergy,
}
SECTIONS: dict[tuple[str, str], Mapper] = {("48765-2", "observation"): unknown_allergy}
