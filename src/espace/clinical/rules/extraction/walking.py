"""From the statements of a document to facts: the walk, and what is counted. What to make of each is in `table`."""

import re
from collections.abc import Iterator
from itertools import repeat

from espace.clinical.facts import Extracted, Fact, Kind, NotRead, Unread
from espace.clinical.rules.extraction.context import Context, Mapper, not_read, section_name
from espace.clinical.rules.extraction.narratives import conclusion
from espace.clinical.rules.extraction.parts import beside, code_of, degree, is_part
from espace.clinical.rules.extraction.table import CLOSED, CODES, CONTAINERS, RANKED, SECTIONS
from espace.clinical.rules.keeping import MOST_TEXT
from espace.kernel.values import replace
from espace.wire.cda import CdaDocument, text_of
from espace.wire.clinical_statements import read
from espace.wire.clinical_statements.values import UNDATED, StatedSection, Statement

CI_SIS = "1.2.250.1.213.1.1.1.1"
_MODEL = re.compile(r"1\.2\.250\.1\.213\.1\.1\.1(?:\.[0-9]{1,3}){1,4}")
_VOID = frozenset({"nullified", "cancelled"})
_UNREAL = frozenset({"DEF", "SLOT", "RSK", "EVN.CRT"})
"""Moods of what neither is nor is meant: a definition, a place in a diary, a risk, a criterion."""
_DATED = frozenset({Kind.RESULT, Kind.MEASURE, Kind.VACCINATION, Kind.ADMINISTRATION, Kind.DISPENSATION, Kind.STAY})
"""What a moment belongs to: with one that does not exist, these would mislead. The others are told undated."""


def extract(cda: CdaDocument) -> Extracted:
    """What a document says, as facts; a document of level 1 says nothing that can be read so."""
    facts: list[Fact] = []
    unread: list[NotRead] = []
    told: list[Fact] = []
    model = model_of(cda.templates)
    for rank, section in enumerate(read(cda)):
        for found in _section(section, model):
            if isinstance(found, Fact):
                facts.append(found)
            else:
                unread.append(found)
        told += filter(None, [conclusion(section, rank)])
    text = text_of(cda)[:MOST_TEXT]
    return Extracted(model, (*facts, *told), tuple(unread), entries=len(facts) + len(unread), text=text)


def model_of(templates: tuple[str, ...]) -> str:
    """The French template of the model among those of a document (CI-SIS, ASS_A11), the most precise; "" without."""
    return max((each for each in templates if _MODEL.fullmatch(each) and each != CI_SIS), key=len, default="")


def _section(section: StatedSection, model: str) -> Iterator[Fact | NotRead]:
    context = Context(section, (), model)
    for statement in section.statements:
        yield from _walk(statement, context)
    yield from repeat(NotRead("", section_name(section), Unread.TOO_MANY), section.beyond)


def _walk(statement: Statement, context: Context) -> Iterator[Fact | NotRead]:
    """A statement, then those inside it. What is part of the fact around it is that fact's business; what its author
    took back is nobody's."""
    if _no_fact(statement) or _part(statement, context):
        return
    if not container(statement) and (found := _mapped(statement, context)) is not None:
        yield found
    around = (*context.around, statement)
    for each in statement.related:
        inside = replace(each.statement, negated=True) if denies(statement) else each.statement
        yield from _walk(inside, Context(context.section, around, context.model, each.link))


def _no_fact(statement: Statement) -> bool:
    return statement.status in _VOID or statement.mood in _UNREAL or bool(statement.templates & CLOSED)


def denies(statement: Statement) -> bool:
    """A concern that is denied: what it holds is not there."""
    return statement.negated and statement.tag != "organizer" and container(statement)


def _part(statement: Statement, context: Context) -> bool:
    if not context.around:
        return False
    around = context.around[-1]
    if container(around):
        return beside(statement) or (around.tag == "act" and degree(statement))
    return beside(statement) or is_part(statement)


def container(statement: Statement) -> bool:
    return statement.tag == "organizer" or bool(statement.templates & CONTAINERS)


def _mapped(statement: Statement, context: Context) -> Fact | NotRead | None:
    """What its mapper makes of it; pictures and their regions have none."""
    mapper = _mapper(statement, context.section)
    found = mapper(statement, context) if mapper else None
    mistimed = statement.bad_time and isinstance(found, Fact) and found.when == UNDATED and found.kind in _DATED
    return not_read(statement, context, Unread.BAD_TIME) if mistimed else found


def _mapper(statement: Statement, section: StatedSection) -> Mapper | None:
    """By template first: the first of the table that the statement has; else by section, by code and by element."""
    known = [RANKED[each] for each in statement.templates if each in RANKED]
    if known:
        return min(known, key=lambda ranked: ranked[0])[1]
    code = section.code.code if section.code else ""
    by_code = CODES.get((statement.tag, code_of(statement)))
    return SECTIONS.get((code, statement.tag)) or by_code or SECTIONS.get(("", statement.tag))
