"""What answers must be: one function makes each expectation. What is told of an answer is short, and what it is."""

import json
from collections.abc import Callable
from typing import Any

from espace.kernel.reasons import Sentence
from espace.kernel.words import Refused
from espace.site.conform.answers import Answer, at, beginning, listed, shown
from espace.site.conform.facts import Expected
from espace.site.conform.staging import Stage
from espace.wire.soap import mtom
from espace.wire.xml import Element, parse_xml

Test = Callable[[Stage, Answer], bool]


def _expected(fr: str, en: str, holds: Test) -> Expected:
    """What holds, or how the answer begins."""
    return Expected(Sentence(fr, en), lambda stage, answer: "" if holds(stage, answer) else beginning(answer))


# --- HTTP and FHIR ------------------------------------------------------------------------------------------


def status(*wanted: int) -> Expected:
    text = "/".join(map(str, wanted))
    return _expected(f"HTTP {text}", f"HTTP {text}", lambda _, answer: answer.status in wanted)


def refused() -> Expected:
    return _expected(
        "un refus : HTTP 4xx, jamais 5xx",
        "a refusal: HTTP 4xx, never 5xx",
        lambda _, answer: 400 <= answer.status < 500,
    )


def outcome() -> Expected:
    """R4, http.html: a refusal tells its issues."""

    def holds(_: Stage, answer: Answer) -> bool:
        severities = {at(one, "severity") for one in listed(answer.json.get("issue"))}
        return answer.json.get("resourceType") == "OperationOutcome" and bool(severities & {"error", "fatal"})

    return _expected(
        "un OperationOutcome avec une erreur", "an OperationOutcome with an error", holds
    )


def resource(kind: str) -> Expected:
    return _expected(
        f"une ressource {kind}", f"a {kind} resource", lambda _, answer: answer.json.get("resourceType") == kind
    )


def value(wanted: Any, *path: str | int) -> Expected:
    """This value at this place of a JSON answer."""
    said = f"{'.'.join(map(str, path))} = {json.dumps(wanted)}"
    return Expected(Sentence(said, said), lambda _, answer: _other(at(answer.json, *path), wanted, answer))


def _other(found: Any, wanted: Any, answer: Answer) -> str:
    if found == wanted:
        return ""
    return beginning(answer) if found is None else shown(json.dumps(found))


def has(what: Sentence, holds: Callable[[Stage, dict[str, Any]], bool]) -> Expected:
    """Whatever must be so of the JSON of an answer."""
    return _expected(what.fr, what.en, lambda stage, answer: holds(stage, answer.json))


def filed(*statuses: str) -> Expected:
    """Of a transaction-response: List, DocumentReference, Binary, each with its location and one of these statuses."""

    def holds(_: Stage, answer: Answer) -> bool:
        said = [at(one, "response") for one in listed(answer.json.get("entry"))]
        kinds = [location_type(str(at(one, "location"))) for one in said]
        told = all(str(at(one, "status"))[:3] in statuses for one in said)
        return kinds == ["List", "DocumentReference", "Binary"] and told

    text = "/".join(statuses)
    return _expected(
        f"trois entrées {text} et leurs adresses : List, DocumentReference, Binary",
        f"three entries {text} and their locations: List, DocumentReference, Binary",
        holds,
    )


def location_type(location: str) -> str:
    """The type of resource of a relative or absolute location, with or without its history."""
    parts = location.partition("/_history")[0].rstrip("/").split("/")
    return parts[-2] if len(parts) > 1 else ""


def location_id(location: str) -> str:
    return location.partition("/_history")[0].rstrip("/").rpartition("/")[2]


def location(stage: Stage, answer: Answer) -> None:
    """Notes the id of the document that a transaction-response names, as `id`."""
    stage.kept["id"] = filed_id(answer)


def filed_id(answer: Answer) -> str:
    return location_id(str(at(answer.json, "entry", 1, "response", "location")))


def total(wanted: int) -> Expected:
    """How many a searchset has."""

    def found(_: Stage, answer: Answer) -> str:
        entries = [one for one in listed(answer.json.get("entry")) if at(one, "search", "mode") in (None, "match")]
        if answer.status == 200 and answer.json.get("type") == "searchset" and len(entries) == wanted:
            return ""
        return f"{len(entries)} — {beginning(answer)}"

    return Expected(Sentence(f"un searchset de {wanted} ressource(s)", f"a searchset of {wanted} resource(s)"), found)


def same(name: str, of: Callable[[Answer], str], fr: str, en: str) -> Expected:
    """What was kept under this name."""

    def found(stage: Stage, answer: Answer) -> str:
        wanted, said = stage.kept.get(name, ""), of(answer)
        return "" if said == wanted else f"{shown(said) or beginning(answer)} ≠ {shown(wanted)}"

    return Expected(Sentence(fr, en), found)


def bytes_of_letter() -> Expected:
    return _expected(
        "les octets du document, un par un", "the bytes of the document, one by one",
        lambda stage, answer: answer.body == stage.letter().content,
    )  # fmt: skip


# --- SOAP and ebXML -----------------------------------------------------------------------------------------


def registry(answer: Answer) -> Element | None:
    """The response of a registry, wherever it stands in the body."""
    body, _ = answer.soap()
    return None if body is None else next(body.iter("{*}RegistryResponse", "{*}AdhocQueryResponse"), None)


def responded(word: str) -> Expected:
    """The last word of the status of a registry's response."""

    def found(_: Stage, answer: Answer) -> str:
        said = registry(answer)
        told = "" if said is None else said.get("status", "").rpartition(":")[2]
        return "" if answer.status == 200 and told == word else f"{told} {_errors(answer) or beginning(answer)}".strip()

    return Expected(Sentence(f"HTTP 200, statut {word}", f"HTTP 200, status {word}"), found)


def error(*codes: str) -> Expected:
    """One of these codes among the errors, with the severity of an error."""

    def found(_: Stage, answer: Answer) -> str:
        body, _parts = answer.soap()
        said = [] if body is None else list(body.iter("{*}RegistryError"))
        told = {one.get("errorCode") for one in said if one.get("severity", "").endswith(":Error")}
        return "" if told & set(codes) else _errors(answer) or beginning(answer)

    text = " / ".join(codes)
    return Expected(Sentence(f"l’erreur {text}", f"the error {text}"), found)


def _errors(answer: Answer) -> str:
    body, _ = answer.soap()
    said = [] if body is None else body.iter("{*}RegistryError")
    return shown("; ".join(f"{one.get('errorCode')}: {one.get('codeContext')}" for one in said))


def fault(code: str, *subcodes: str) -> Expected:
    """SOAP 1.2 part 1, 5.4: its code, and one of these subcodes where some are given, by their local names."""

    def found(_: Stage, answer: Answer) -> str:
        body, _parts = answer.soap()
        told = [] if body is None else [(one.text or "").rpartition(":")[2] for one in body.iter("{*}Value")]
        tag = "" if body is None else str(body.tag).rpartition("}")[2]
        right = tag == "Fault" and told[:1] == [code] and (not subcodes or bool(set(told[1:]) & set(subcodes)))
        return "" if right and 400 <= answer.status <= 500 else f"{' '.join(told)} {beginning(answer)}".strip()

    text = " / ".join(subcodes) or code
    return Expected(Sentence(f"une faute SOAP {code} ({text})", f"a SOAP fault {code} ({text})"), found)


def objects(answer: Answer, *names: str) -> list[Element]:
    body, _ = answer.soap()
    return [] if body is None else list(body.iter(*(f"{{*}}{one}" for one in names)))


def entry_of_letter(name: str, holds: Callable[[Element], bool], fr: str, en: str) -> Expected:
    """Among the ExtrinsicObjects, the one of this letter, and something about it."""

    def found(stage: Stage, answer: Answer) -> str:
        oid, listed_ = stage.letter(name).oid, objects(answer, "ExtrinsicObject")
        mine = [one for one in listed_ if names_it(one, oid)]
        return "" if len(mine) == 1 and holds(mine[0]) else f"{len(mine)}/{len(listed_)} — {beginning(answer)}"

    return Expected(Sentence(fr, en), found)


def listing(wanted: int, *names: str) -> Expected:
    """How many objects a registry lists."""
    kinds = names or ("ExtrinsicObject", "ObjectRef")

    def found(_: Stage, answer: Answer) -> str:
        count = len(objects(answer, *kinds))
        return "" if count == wanted else f"{count} — {beginning(answer)}"

    return Expected(Sentence(f"{wanted} objet(s)", f"{wanted} object(s)"), found)


def satisfies(fr: str, en: str, holds: Test) -> Expected:
    """Whatever else must be so."""
    return _expected(fr, en, holds)


def has_content() -> Expected:
    """Of a retrieval: one Document, beside or in the message, with the bytes of the letter."""

    def holds(stage: Stage, answer: Answer) -> bool:
        _, parts = answer.soap()
        includes = [named for one in objects(answer, "Include") if (named := _content_id(one.get("href", "")))]
        inline = [mtom.from_base64(one.text or "") for one in objects(answer, "Document") if not len(one)]
        found = [*(parts.get(name) for name in includes), *inline]
        return found == [stage.letter().content]

    return _expected("un document, octet pour octet", "one document, byte for byte", holds)


def _content_id(reference: str) -> str:
    try:
        return mtom.named(reference)
    except Refused:
        return ""


def wsdl() -> Expected:
    """A description in WSDL 1.1."""

    def holds(_: Stage, answer: Answer) -> bool:
        root = parse_xml(answer.body).root
        return root is not None and root.tag == "{http://schemas.xmlsoap.org/wsdl/}definitions"

    return _expected("un WSDL 1.1", "a WSDL 1.1", holds)


def names_it(entry: Element, oid: str) -> bool:
    """Whether its uniqueId is this OID."""
    values = {one.get("value", "").removeprefix("urn:oid:") for one in entry.iter("{*}ExternalIdentifier")}
    return oid in values


# --- HL7 v2 -------------------------------------------------------------------------------------------------


def acknowledged(number: Callable[[Stage], str], *outcomes: str) -> Expected:
    """MSA-1 is one of these, MSA-2 the number of the message."""

    def found(stage: Stage, answer: Answer) -> str:
        said = next(iter(answer.segments("MSA")), [])
        right = len(said) > 2 and said[1] in outcomes and said[2] == number(stage)
        return "" if right else shown("|".join(said)) or beginning(answer)

    text = "/".join(outcomes)
    return Expected(
        Sentence(f"MSA-1 {text}, MSA-2 le numéro du message", f"MSA-1 {text}, MSA-2 the number of the message"), found
    )


def segment(name: str, fr: str, en: str, holds: Callable[[list[str]], bool] = bool) -> Expected:
    """A segment of this name."""
    return _expected(fr, en, lambda _, answer: any(holds(one) for one in answer.segments(name)))
