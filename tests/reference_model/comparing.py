"""What the model says beside what a real door answers: every difference is a sentence with how to repeat it."""

import json
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from uuid import UUID

from django.db import connection

from espace.kernel.reasons import REASONS
from espace.kernel.reasons.helped import told_to_helper
from espace.kernel.values import replace
from reference_model.addresses import DOORS, HOLDER, ORGANISATION, PROFESSIONAL
from reference_model.asking import Heard, ask
from reference_model.facts import Answer, Person
from reference_model.model import answer, deposits, refusal, secrets, seen, sworn
from reference_model.worlds import Real

WELCOMING = frozenset({"GET home", "GET pro_home", "POST pro_home"})
"""Pages that welcome whoever is signed out."""
SAID_ON_THE_FORM = frozenset({"POST pro_home"})
"""Where a refusal stands beside the field, on the page that was asked."""


def differences(real: Real, who: Person, door: str, name: str, about: str = "") -> list[str]:
    expected = answer(real.model, who, door, name, about)
    heard = ask(real, who, door, name, about)
    where = f"{real.model.name}: {who.name}, {door} {name} {about}".strip()
    found = [*_otherwise(real, door, name, expected, heard), *_leaks(real, who, door, name, about, heard)]
    return [f"{where}: {one}" for one in found]


def _otherwise(real: Real, door: str, name: str, expected: Answer, heard: Heard) -> list[str]:
    if expected.to_signin:
        return _not_at_the_signin(name, heard, welcomes=door != "helping")
    status = 200 if name in SAID_ON_THE_FORM and expected.code else expected.status
    if heard.status != status:
        return [f"the model says {status} {expected.code}, the door {heard.status} {_said(heard)}"]
    if expected.code and not _tells(expected.code, door, heard):
        return [f"the model says {expected.code}, the door {_said(heard)}"]
    return [] if expected.code or expected.seen is None else _shown_otherwise(real, door, name, expected.seen, heard)


def _said(heard: Heard) -> str:
    if heard.codes:
        return " ".join(heard.codes)
    ways = [(code, it) for code, one in REASONS.items() for it in (one.professional, one.holder, told_to_helper(one))]
    named = [code for code, it in ways if it.fr in heard.text]
    return " ".join(dict.fromkeys(named)) or heard.location


def _not_at_the_signin(name: str, heard: Heard, *, welcomes: bool) -> list[str]:
    if welcomes and name in WELCOMING:
        return [] if heard.status == 200 else [f"no welcome, but {heard.status}"]
    at = heard.status == 302 and heard.location.startswith(("/connexion/", "/pro/"))
    followed = heard.status == 200 and any(one in heard.text for one in ("Mot de passe", "Pro Santé Connect"))
    return [] if at or followed else [f"no way to the sign-in, but {heard.status} {heard.location}"]


def _tells(code: str, door: str, heard: Heard) -> bool:
    if door == "mhd":
        return code in heard.codes
    if code in ("not_found", "not_your_document"):
        return True
    reason = REASONS[code]
    told = {"portal": reason.holder, "helping": told_to_helper(reason)}.get(door, reason.professional)
    return told.fr in heard.text


def _shown_otherwise(real: Real, door: str, name: str, expected: Mapping[str, str], heard: Heard) -> list[str]:
    told = heard.told or {}
    if DOORS[door][name].lists == "sets":
        wanted = {real.model.documents[one].set or one for one in expected}
        got = {real.name_of(id) for id in told}
        return [] if wanted == got else [f"sets {_odd(wanted, got)}"]
    ids = {id: one for one, id in real.ids.items()}
    found = {ids[id]: status for id, status in told.items() if id in ids}
    if door == "mhd" and DOORS[door][name].about != "set" and found != dict(expected) and "Patient" not in name:
        return [f"documents {_odd(set(expected.items()), set(found.items()))}"]
    lists = DOORS[door][name].lists or DOORS[door][name].about == "set"
    return [f"documents {_odd(set(expected), set(found))}"] if lists and set(expected) != set(found) else []


def _odd(wanted: AbstractSet[object], got: AbstractSet[object]) -> str:
    return f"only in the model {sorted(map(str, wanted - got))}, only at the door {sorted(map(str, got - wanted))}"


def knows_of(real: Real, who: Person, *, secret: bool = False) -> set[str]:
    """The documents that this person may learn of, at whatever door; `secret`: in the secret care of a minor."""
    world, who = (secrets(real.model), sworn(who)) if secret else (real.model, who)
    if who.kind == ORGANISATION:
        return set() if refusal(world, who, "feed", "own_deposits") else set(deposits(world, who))
    purpose = "care" if who.kind != HOLDER else "proxy" if who.helps else "holder"
    return set() if refusal(world, who, purpose, "list") else set(seen(world, who))


_NAME = re.compile(r"\bduval\b", re.IGNORECASE)
"""As a word: among the tokens of forms in ten thousand pages, one has these letters by chance."""


def _leaks(real: Real, who: Person, door: str, name: str, about: str, heard: Heard) -> list[str]:
    """The words and the ids of what does not exist for this person; the id that they named may come back. And the
    traits of the holder, to a professional who may not read them."""
    secret = DOORS[door][name].secret
    here = replace(sworn(who) if secret else who, regulates=who.regulates and door != "mhd")
    traits = who.kind == PROFESSIONAL and refusal(real.model, here, "care", "list") and _NAME.search(heard.text)
    known = knows_of(real, who, secret=secret)
    arranges = who.kind == HOLDER and (who.own or bool(known))
    removed = {n for n, one in real.model.documents.items() if one.own} if arranges else set()
    asked = {about, "plain"} if name == "GET unlink_topic" else {about}  # its address names that document too
    words = [n for n, word in real.words.items() if word in heard.text and n not in known | removed]
    if who.kind == ORGANISATION:
        words = [n for n, word in real.words.items() if word in heard.text]
    ids = [n for n, id in real.ids.items() if str(id) in heard.text and n not in known | removed | asked]
    found = sorted({*words, *ids, *(["the traits"] if traits else [])})
    return [f"tells of {', '.join(found)}"] if found else []


def stored(patient: UUID) -> str:
    """A print of all that is kept of one person but the register and what waits in the outbox."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'patient_id'"
            " AND table_schema = 'public' AND table_name !~ '^(trace|outbox|notices)' ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall()]
        prints = {}
        for table in tables:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {table} t"
                " WHERE patient_id = %s",
                [patient],
            )
            prints[table] = cursor.fetchone()[0]
        return json.dumps(prints)
