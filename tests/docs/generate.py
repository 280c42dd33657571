"""The parts of the documents that are made from the code, and the one command that writes them again:

    PYTHONPATH=src .venv/bin/python tests/docs/generate.py

In a page such a part stands between « <!-- made from the code: NAME --> » and « <!-- end: NAME --> ».
"""

import importlib
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from docs import configuration, deciding, fhir_door, matrix, soap_errors, stored_queries
from docs.markdown import code, table
from espace.enrolment.facts import State
from espace.enrolment.rules import FEEDING, READING, TRANSITIONS
from espace.identity.facts import AUTHORITIES, TEST_AUTHORITIES
from espace.kernel import reasons
from espace.kernel.reasons import Reason
from espace.kernel.reasons.helped import logged_to_helper
from espace.record.facts import Status
from espace.record.facts import Step as DocumentStep
from espace.record.rules import amending
from espace.record.rules.filing import SIGNATURES
from espace.wire import nomenclature
from espace.wire.nomenclature import roles, systems

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"



# --- reasons ------------------------------------------------------------------------------------------------


def reasons_of(module: object) -> list[Reason]:
    return [reason for reason in vars(module).values() if isinstance(reason, Reason)]


def refusals(module: object) -> str:
    found = [reason for reason in reasons_of(module) if not reason.allows]
    rows = (
        (
            code(reason.code),
            code(reason.told_code) if reason.told_code != reason.code else "same",
            reason.status,
            reason.issue,
            f"{reason.professional.fr}<br>*{reason.professional.en}*",
            f"{reason.fix.fr}<br>*{reason.fix.en}*" if reason.fix else "",
        )
        for reason in found
    )
    return table(("logged code", "told outside", "HTTP", "FHIR issue", "what is said", "what to do"), rows)


def allowing() -> str:
    rows = (
        (code(reason.code), f"{reason.professional.fr}<br>*{reason.professional.en}*", holder_reads(reason))
        for reason in reasons.REASONS.values()
        if reason.allows
    )
    return table(("code", "the organisation reads", "the holder reads"), rows)


def holder_reads(reason: Reason) -> str:
    return f"{reason.holder.fr}<br>*{reason.holder.en}*"


def helper_sentences() -> str:
    """What is said otherwise to who helps the holder, in the access log."""
    found = ((reason, logged_to_helper(reason)) for reason in reasons.REASONS.values())
    rows = ((code(reason.code), f"{one.fr}<br>*{one.en}*") for reason, one in found if one != reason.holder)
    return table(("code", "who helps reads"), rows)


def holder_sentences() -> str:
    """Refusals that are said otherwise to the holder, in the access log."""
    rows = (
        (code(reason.code), holder_reads(reason))
        for reason in reasons.REASONS.values()
        if not reason.allows and reason.holder != reason.professional
    )
    return table(("code", "the holder reads"), rows)


# --- states -------------------------------------------------------------------------------------------------


def state_diagram() -> str:
    arrows = (f"    {before} --> {after}: {step}" for (before, step), after in TRANSITIONS.items())
    return "\n".join(("```mermaid", "stateDiagram-v2", "    [*] --> not_invited", *arrows, "```"))


def state_table() -> str:
    def said(refusal: Reason | None) -> str:
        return f"no: {code(refusal.code)}" if refusal else "yes"

    rows = ((code(state), said(FEEDING[state]), said(READING[state])) for state in State)
    return table(("state", "may be fed", "may be read"), rows)


def document_diagram() -> str:
    arrows = (
        f"    {before.lower()} --> {after.lower()}: {step}" for (before, step), after in amending.TRANSITIONS.items()
    )
    first = f"    [*] --> {Status.APPROVED.lower()}: deposit"
    return "\n".join(("```mermaid", "stateDiagram-v2", first, *arrows, "```"))


def document_table() -> str:
    def said(status: Status, step: DocumentStep) -> str:
        after = amending.after(status, step)
        return f"no: {code('change_refused')}" if after is None else "nothing" if after is status else code(after)

    asked = (DocumentStep.ARCHIVE, DocumentStep.UNARCHIVE, DocumentStep.DELETE)
    rows = ((code(status), *(said(status, step) for step in asked)) for status in Status)
    return table(("status", *(f"asked to {step}" for step in asked)), rows)


# --- codes --------------------------------------------------------------------------------------------------

COUNTED: tuple[tuple[str, str, int], ...] = (
    ("types of documents", "types", len(nomenclature.TYPES)),
    ("classes of documents", "classes", len(nomenclature.CLASSES)),
    ("formats", "formats", len(nomenclature.FORMATS)),
    ("templates that give a format", "formats", len(nomenclature.FORMAT_OF_TEMPLATE)),
    ("kinds of facility", "places", len(nomenclature.FACILITY_TYPES)),
    ("practice settings", "places", len(nomenclature.PRACTICE_SETTINGS)),
    ("roles", "roles", len(nomenclature.ROLES)),
    ("specialties", "roles", len(nomenclature.SPECIALTIES)),
    ("confidentiality levels", "flags", len(nomenclature.CONFIDENTIALITY)),
    ("visibility codes", "flags", len(nomenclature.VISIBILITIES)),
    ("kinds of submission", "flags", len(nomenclature.SUBMISSION_TYPES)),
    ("kinds of documents, as people see them", "kinds", len(nomenclature.KINDS)),
    ("code systems, with OID and FHIR URI", "systems", len(systems.SYSTEMS)),
)


def counts() -> str:
    rows = ((what, code(f"src/espace/wire/nomenclature/{module}.py"), count) for what, module, count in COUNTED)
    return table(("table", "file", "entries"), rows)


def sources() -> str:
    """What each national table says of itself: its name, version, date and source (the kinds are ours)."""
    said = []
    for module in dict.fromkeys(module for _, module, _ in COUNTED if module != "kinds"):
        words = importlib.import_module(f"{roles.__package__}.{module}").__doc__ or ""
        said.append(f"**{module}.** {words.strip()}")
    return "\n\n".join(said)


def classes() -> str:
    return table(("class", "label"), ((code(one), label_of(value)) for one, value in nomenclature.CLASSES.items()))


def label_of(value: object) -> str:
    return value if isinstance(value, str) else str(getattr(value, "display", None) or getattr(value, "label_fr", ""))


def authorities() -> str:
    rows = [(code(oid), name, "always") for oid, name in AUTHORITIES.items()]
    rows += [(code(oid), name, "with `ESPACE_TEST_IDENTITIES=1`") for oid, name in TEST_AUTHORITIES.items()]
    return table(("OID", "authority", "accepted"), rows)


def media_types() -> str:
    return table(("media type",), ((code(name),) for name in sorted(SIGNATURES)))


# --- tables -------------------------------------------------------------------------------------------------

OPAQUE = frozenset(
    {"sealed", "wrapped", "blind", "token_hash", "digest", "commitment", "fingerprint", "password", "subject"}
    | {"professional", "depositor", "helper", "adviser", "sid", "stem", "sub"}
)
"""Columns that tell nothing without a key: sealed bytes, wrapped keys, blind indexes, hashes."""


def set_up_django() -> None:
    import django
    from django.apps import apps

    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "espace.site.settings")
        django.setup()


def stored() -> str:
    """Every table of the platform, with what is readable in it and what is not."""
    set_up_django()
    from django.apps import apps

    rows = []
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("espace."):
            columns = [field.column for field in model._meta.concrete_fields if field.column]
            kept = "keys" if model._meta.app_label == "keys" else "main"
            clear = [code(name) for name in columns if name not in OPAQUE]
            opaque = [code(name) for name in columns if name in OPAQUE]
            rows.append((kept, code(model._meta.db_table), ", ".join(clear), ", ".join(opaque)))
    return table(("database", "table", "in clear", "sealed, wrapped or hashed"), sorted(rows))


# --- the demonstration --------------------------------------------------------------------------------------


def demonstration_professionals() -> str:
    from espace.site.demo.professionals import PROFESSIONAL_MEMBERS
    from espace.site.provider.accounts import ACCOUNTS

    tokens = {slug: code(f"./espace token {slug}") for slug in PROFESSIONAL_MEMBERS}
    rows = (
        (one.professional.name, one.about, code(one.identifier), code(one.password), tokens.get(one.slug, ""))
        for one in ACCOUNTS
    )
    return table(("professional", "who", "identifier", "password", "by program"), rows)


def _of_the_door(made: Callable[[], str]) -> Callable[[], str]:
    def block() -> str:
        set_up_django()
        return made()

    return block


# --- pages --------------------------------------------------------------------------------------------------

BLOCKS: Mapping[str, Callable[[], str]] = {
    "reasons: allowed": allowing,
    "reasons: decisions": lambda: refusals(reasons.decisions),
    "reasons: care": lambda: refusals(reasons.care),
    "reasons: teams": lambda: refusals(reasons.teams),
    "reasons: helping": lambda: refusals(reasons.helping),
    "reasons: emergency": lambda: refusals(reasons.emergency),
    "reasons: copies": lambda: refusals(reasons.copies),
    "reasons: stating": lambda: refusals(reasons.stating),
    "reasons: identity": lambda: refusals(reasons.identity),
    "reasons: documents": lambda: refusals(reasons.documents),
    "reasons: transport": lambda: refusals(reasons.transport),
    "reasons: soap": lambda: refusals(reasons.soap),
    "reasons: vihf": lambda: refusals(reasons.vihf),
    "reasons: xds": lambda: refusals(reasons.xds),
    "reasons: querying": lambda: refusals(reasons.querying),
    "reasons: updating": lambda: refusals(reasons.updating),
    "reasons: signing": lambda: refusals(reasons.signing),
    "reasons: national": lambda: refusals(reasons.national),
    "reasons: xdm": lambda: refusals(reasons.xdm),
    "reasons: hl7v2": lambda: refusals(reasons.hl7v2),
    "reasons: feeding": lambda: refusals(reasons.feeding),
    "reasons: holder": holder_sentences,
    "reasons: helper": helper_sentences,
    "states: diagram": state_diagram,
    "states: table": state_table,
    "documents: diagram": document_diagram,
    "documents: table": document_table,
    "access": deciding.access_table,
    "access: care": deciding.care_table,
    "access: helping": deciding.helping_table,
    "entitlements: professions": matrix.entitlement_professions,
    "entitlements: sources": matrix.entitlement_sources,
    "entitlements: table": matrix.entitlement_table,
    "codes: counts": counts,
    "codes: sources": sources,
    "codes: classes": classes,
    "codes: authorities": authorities,
    "codes: media types": media_types,
    "tables": stored,
    "fhir: interactions": _of_the_door(fhir_door.interactions),
    "fhir: documents": _of_the_door(fhir_door.documents),
    "fhir: lists": _of_the_door(fhir_door.lists),
    "fhir: patients": _of_the_door(fhir_door.patients),
    "fhir: facts": _of_the_door(fhir_door.facts),
    "fhir: fact interactions": _of_the_door(fhir_door.fact_interactions),
    "fhir: kinds of facts": _of_the_door(fhir_door.told),
    "xds: queries": stored_queries.queries,
    "xds: values": stored_queries.values,
    "soap: errors": soap_errors.errors,
    "demonstration: professionals": demonstration_professionals,
    **configuration.blocks(),
}

_BLOCK = re.compile(
    r"(?P<begin><!-- made from the code: (?P<name>[^>]+?) -->\n).*?(?P<end><!-- end: (?P=name) -->)", re.DOTALL
)


def blocks_in(text: str) -> list[str]:
    return [found["name"] for found in _BLOCK.finditer(text)]


def renewed(text: str) -> str:
    """A page with its made parts as the code has them now. KeyError for a part that does not exist."""
    return _BLOCK.sub(lambda found: f"{found['begin']}\n{BLOCKS[found['name']]()}\n\n{found['end']}", text)


def pages() -> list[Path]:
    return sorted(path for path in DOCS.rglob("*.md") if _BLOCK.search(path.read_text(encoding="utf-8")))


def main() -> None:
    for path in pages():
        text = path.read_text(encoding="utf-8")
        if (now := renewed(text)) != text:
            path.write_text(now, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
