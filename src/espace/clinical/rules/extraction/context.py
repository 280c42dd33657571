"""What every mapper is given, and what they share."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from espace.clinical.facts import Fact, NotRead, Place, Unread
from espace.wire.clinical_statements.values import Concept, StatedSection, Statement


@dataclass(frozen=True, slots=True)
class Context:
    """Where a statement stands: its section, the statements around it, the outermost first, the template of the
    document (ASS_A11), "" for one without, and the typeCode by which it hangs from the one right around it."""

    section: StatedSection
    around: tuple[Statement, ...] = ()
    model: str = ""
    link: str = ""


Mapper = Callable[[Statement, Context], Fact | NotRead | None]
"""None: there is nothing to say (nullFlavor, administrative). Never raises."""

_FRENCH = "1.2.250.1.213."
_TEMPLATE = re.compile(r"(?:1\.2\.250\.1\.213|1\.3\.6\.1\.4\.1\.19376|2\.16\.840\.1\.113883)(?:\.[0-9]{1,6}){1,20}")
_SECTION = re.compile(r"[0-9]{1,7}-[0-9]|[A-Z]{3}-[0-9]{1,4}")
_MODELS = "1.2.250.1.213.1.1.1."
_CHILD = (f"{_MODELS}5.", f"{_MODELS}12.3", f"{_MODELS}12.5")
"""CI-SIS « Certificats de santé de l'enfant » (CSE-CS8, CS9, CS24 and MDE), and the syntheses of a child in the
delivery room (OBP-SNE) and in the maternity ward (OBP-SEM)."""
_MOTHER = (f"{_MODELS}12.1", f"{_MODELS}12.2", f"{_MODELS}12.4")
"""OBP-SAP, OBP-SNM, OBP-SCM: those of the mother."""
FAMILY = Concept("FAMMEMB", "2.16.840.1.113883.5.111", "Membre de la famille")
_OTHERS: tuple[tuple[tuple[str, ...], frozenset[str], Concept], ...] = (
    (_CHILD, frozenset({"10162-6", "57078-8", "57074-7"}), Concept("MTH", "2.16.840.1.113883.5.111", "Mère")),
    (_MOTHER, frozenset({"57075-4"}), Concept("CHILD", "2.16.840.1.113883.5.111", "Enfant")),
    (("",), frozenset({"10157-6"}), FAMILY),
)
"""Models, sections (LOINC: pregnancy, antenatal testing, delivery; the newborn; family history), and whom they are
about there."""


def place(statement: Statement, context: Context) -> Place:
    """The nearest paragraph that the narrative has for it: its own, of what is around it, else the whole section."""
    anchors = (each.anchor for each in (statement, *reversed(context.around)))
    code = context.section.code
    return Place(
        section=code.code if code else "",
        title=context.section.title,
        anchor=next(filter(None, anchors), context.section.anchor),
        order=statement.order,
    )


def not_read(statement: Statement, context: Context, why: Unread) -> NotRead:
    """Named by its most precise template (the French one, the longest), else by its element. Operators read it in
    clear: what is no template and no code of a list, whoever wrote it, is left out."""
    known = filter(_TEMPLATE.fullmatch, statement.templates)
    template = max(known, key=lambda each: (each.startswith(_FRENCH), len(each), each), default="")
    return NotRead(template or statement.tag, section_name(context.section), why)


def section_name(section: StatedSection) -> str:
    """The code of a section as operators may read it: LOINC, or TA_ASIP; "" for any other one."""
    code = section.code.code if section.code else ""
    return code if _SECTION.fullmatch(code) else ""


def author(statement: Statement) -> str:
    """Who states it or did it, where it names somebody: performer first; of several authors, who wrote last."""
    done = (each.name for each in statement.parties if each.role == "PRF" and each.name)
    wrote = (each for each in statement.parties if each.role == "AUT" and each.name)
    last = max(wrote, key=lambda each: each.at, default=None)
    return next(done, last.name if last else "")


def place_name(statement: Statement) -> str:
    """The organisation of the same."""
    by_role = {each.role: each.organisation for each in reversed(statement.parties) if each.organisation}
    return by_role.get("PRF") or by_role.get("AUT", "")


def about(context: Context, statement: Statement) -> Concept | None:
    """The relative, or whoever else, that a statement is about: its own subject, of what is around it, of its
    section. What a child's document tells of a pregnancy is the mother's, what a mother's tells of the newborn is the
    child's."""
    subjects = (each.subject for each in (statement, *reversed(context.around)))
    stated = next(filter(None, subjects), context.section.subject)
    return stated or _other(context)


def _other(context: Context) -> Concept | None:
    codes = (context.section.code.code if context.section.code else "", *context.section.above)
    said = (who for models, sections, who in _OTHERS if context.model.startswith(models) and sections & {*codes})
    return next(said, None)


def nothing(statement: Statement, context: Context) -> None:
    """What is administrative, or told by the facts beside it."""
