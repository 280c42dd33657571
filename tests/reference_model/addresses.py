"""The addresses of the model's doors: for what each opens a record, for each kind of person. Written by hand from
docs/reference/fhir.md and the addresses of the pages; a test fails when the platform has one more, or one less."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from espace.kernel.values import replace

NOBODY, HOLDER, ORGANISATION, PROFESSIONAL = "nobody", "holder", "organisation", "professional"
_CODES = {
    401: "token_missing",
    403: "holder_cannot_feed organisation_cannot_read no_rule_allows space_suspended consent_missing consent_lapsed"
    " professional_blocked not_entitled emergency_objected dispatch_objected not_a_carer not_a_regulator glass_ended"
    " not_your_document team_missing member_refused member_blocked not_an_administrator named_by_the_patient"
    " secret_for_minors help_waiting help_ended help_over came_of_age helper_may_not helper_reads_only"
    " advising_over adviser_takes_nothing",
    404: "not_found professional_unknown team_unknown",
    422: "space_unknown space_opposed space_not_open change_refused not_a_doctor not_a_health_profession",
    409: "representatives_full",
    429: "account_frozen",
}
STATUS = {code: status for status, codes in _CODES.items() for code in codes.split()}
"""The codes that docs/reference/reasons.md tells outside, each with its HTTP status."""
NOT_FOR = {NOBODY: "token_missing", HOLDER: "holder_cannot_feed", ORGANISATION: "organisation_cannot_read"}


@dataclass(frozen=True)
class Operation:
    """One address of one door: for which purpose and verb it opens a record for each kind of person.

    `about` says what the address names: "patient", "document", "set", "professional", "folder", "topic", "helper" or ""
    (the caller's own record). `lists` is "all", "current", "deposits", "sets", "removed" or "" where no list is.
    """

    opens: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    about: str = ""
    lists: str = ""
    success: int = 200
    own_only: bool = False
    shows_form: bool = False
    """The page is a form that tells nothing of the patient and opens nothing."""
    secret: bool = False
    """In a session of a minor's secret care."""
    made_only: bool = False
    """For whoever deposited or wrote the document."""
    writes: str = ""
    """For the professions that write this kind: it is composed there."""


def _each(holder: str = "", organisation: str = "", professional: str = "") -> dict[str, tuple[str, str]]:
    said = {HOLDER: holder, ORGANISATION: organisation, PROFESSIONAL: professional}
    return {kind: (one.split("/")[0], one.split("/")[1]) for kind, one in said.items() if one}


_FEEDS = _each(organisation="feed/deposit", professional="feed/deposit")
_AMENDS = _each(organisation="feed/amend", professional="feed/amend")
_FINDS = _each(holder="holder/list", organisation="feed/own_deposits", professional="care/list")
_LISTS = _each(holder="holder/list", professional="care/list")
_STATUS = _each(holder="holder/list", professional="care/status")
_READ = _each(holder="holder/read", professional="care/read")
_BYTES = _each(holder="holder/download", professional="care/download")

MHD: dict[str, Operation] = {
    "POST /fhir": Operation(_FEEDS, "patient"),
    "POST /fhir/DocumentReference": Operation(_FEEDS, "patient", success=201),
    "POST /hl7v2": Operation(_FEEDS, "patient"),
    "POST /xdm": Operation(_FEEDS, "patient"),
    "GET /fhir/DocumentReference": Operation(_FINDS, "patient", lists="all"),
    "POST /fhir/DocumentReference/_search": Operation(_FINDS, "patient", lists="all"),
    "GET /fhir/List": Operation(_LISTS, "patient", lists="sets"),
    "POST /fhir/List/_search": Operation(_LISTS, "patient", lists="sets"),
    "GET /fhir/Patient": Operation(_STATUS, "patient"),
    "POST /fhir/Patient/_search": Operation(_STATUS, "patient"),
    "GET /fhir/DocumentReference/{id}": Operation(_READ, "document"),
    "PATCH /fhir/DocumentReference/{id}": Operation(_AMENDS, "document"),
    "DELETE /fhir/DocumentReference/{id}": Operation(_AMENDS, "document", success=204),
    "GET /fhir/List/{id}": Operation(_LISTS, "set"),
    "GET /fhir/Patient/{id}": Operation(_STATUS, "patient"),
    "GET /fhir/Patient/$summary": Operation(_LISTS, "patient"),
    "POST /fhir/Patient/$summary": Operation(_LISTS, "patient"),
    "GET /fhir/Patient/{id}/$summary": Operation(_LISTS, "patient"),
    "POST /fhir/Patient/{id}/$summary": Operation(_LISTS, "patient"),
    "GET /fhir/Binary/{id}": Operation(_BYTES, "document"),
    "GET /fhir/AllergyIntolerance": Operation(_LISTS, "patient"),
    "POST /fhir/AllergyIntolerance/_search": Operation(_LISTS, "patient"),
    "GET /fhir/AllergyIntolerance/{id}": Operation(_LISTS, success=404),  # no document of these worlds states a fact
}


def _own(verb: str, *, about: str = "", lists: str = "", success: int = 200, own_only: bool = False) -> Operation:
    return Operation({HOLDER: ("holder", verb)}, about, lists, success, own_only)


_ADMINISTRATION = {one: one for one in ("name_administrator", "remove_administrator")}
_DECISIONS = (
    _ADMINISTRATION
    | {"give_access": "give_access", "end_access": "end_access", "join_team": "add_member"}
    | {
        "block": "block",
        "unblock": "unblock",
        "name_doctor": "name_doctor",
        "remove_doctor": "name_doctor",
    }
)
_TOPIC = ("unlink", "mask", "show", "rename", "remove")
_NOWHERE = Operation({HOLDER: ("proxy", "answer")}, success=404, shows_form=True)
_INVITED = ("answer_help", "declare_help")
_ACCOUNT = (*_INVITED, "reopen_space")
"""Invitations: about the account of who was invited, in nobody's space, none of these worlds has one that waits; and
the closed space that its holder takes back."""
PORTAL: dict[str, Operation] = {
    "GET home": _own("list"),
    "GET documents": _own("list", lists="current"),
    "POST documents": _own("list", lists="all", success=200),
    "GET add": Operation({HOLDER: ("holder", "add")}, shows_form=True),
    "POST add": _own("add", success=302),
    "GET describe": _own("list", about="document", own_only=True),
    "POST describe": _own("describe", about="document", own_only=True, success=302),
    "POST choose": _own("arrange", about="document", success=302),
    "GET export": _own("download", about="document"),
    "GET arrange": _own("list", about="document"),
    "POST arrange": _own("arrange", about="document", success=302),
    "GET remove": _own("list", about="document"),
    "POST remove": _own("remove", about="document", own_only=True, success=302),
    "GET removed": _own("list", lists="removed"),
    "POST restore": _own("restore", about="own", success=302),
    "GET folders": _own("list"),
    "POST folders": _own("arrange", success=302),
    "GET rename_folder": _own("list", about="folder"),
    "POST rename_folder": _own("arrange", about="folder", success=302),
    "GET remove_folder": _own("list", about="folder"),
    "POST remove_folder": _own("arrange", about="folder", success=302),
    "GET reading": _own("read", about="document"),
    "GET download": _own("download", about="document"),
    "GET piece": _own("read", about="document"),
    "GET sharing": _own("history"),
    "GET history": _own("history"),
    "GET proof": _own("history", success=404),  # nothing of these worlds is in the public log yet
    "GET line_proof": _own("history", success=404),
    "GET visibility": _own("history"),
    "POST visibility": _own("visibility", success=302),
    **{f"GET {act}": _own("history") for act in ("mask_many", "unmask_many")},
    **{f"POST {act}": _own("visibility", success=302) for act in ("mask_many", "unmask_many")},
    "GET make_topic": _own("history"),
    "POST make_topic": _own("visibility", success=302),
    "GET topic": _own("history", about="topic"),
    **{f"{method} fill_topic": _own("history", about="topic") for method in ("GET", "POST")},
    **{f"GET {act}_topic": _own("history", about="topic") for act in _TOPIC},
    **{f"POST {act}_topic": _own("visibility", about="topic", success=302) for act in ("link", *_TOPIC)},
    "GET topics_of": _own("history", about="document"),
    "POST topics_of": _own("visibility", about="document", success=302),
    **{f"GET {page}": _own("list") for page in ("health", "health_extraction", "health_targets", "health_section")},
    "GET health_overview": _own("list"),
    "GET health_add": _own("list"),
    "GET health_vaccinations": _own("list"),
    "GET abroad": _own("list"),
    **{f"GET {page}": _own("list") for page in ("child", "child_growth", "child_exam")},
    "POST child_exam": _own("state", success=302),
    "GET medicines": _own("list"),
    "GET results": _own("list"),
    "POST results": _own("list", success=200),
    "GET analyte": _own("list", success=404),  # nothing was measured here
    "POST health_extraction": _own("settings", success=302),
    **{f"POST {page}": _own("state", success=302) for page in ("health_targets", "health_add")},
    "POST health_choose": _own("visibility", success=302),
    **{f"{one} health_item": _own("list", success=404) for one in ("GET", "POST")},  # nothing is stated here yet
    "GET health_link": _own("list", success=404),
    **{f"POST {page}": _own("state", success=404) for page in ("health_link", "health_remove", "health_restore")},
    "GET notices": _own("history"),
    "POST notices": _own("notices", success=302),
    "GET notifications": _own("history"),
    "POST notifications": _own("settings", success=302),
    "GET copy": _own("history"),
    **{f"GET {act}": _own("history") for act in ("ask_copy", "drop_copy")},
    **{f"POST {act}": _own("copy", success=302) for act in ("ask_copy", "drop_copy")},
    "GET take_copy": _own("take_copy", success=404),  # no worker made one in these worlds
    "GET applications": _own("history"),
    "POST end_application": _own("end_access", success=404),  # nobody let one in
    "GET emergencies": _own("history"),
    "POST emergencies": _own("switches", success=302),
    "GET professionals": _own("history"),
    "POST professionals": _own("history", success=200),
    **{f"GET {act}": _own("list", about="document") for act in ("mask", "unmask", "open_secret")},
    **{f"POST {act}": _own(act, about="document", success=302) for act in ("mask", "unmask")},
    "POST open_secret": _own("unveil", about="document", success=302),
    "GET hide_choose": _own("history", about="document"),
    "POST hide_choose": _own("history", about="document"),
    **{f"GET {act}": _own("history", about="document") for act in ("hide_from", "show_to")},
    "POST hide_from": _own("mask", about="document", success=302),
    "POST show_to": _own("unmask", about="document", success=302),
    "GET kept_from": _own("history", about="professional"),
    "GET see_as_choose": _own("history"),
    "GET close_space": _own("history"),
    "POST close_space": _own("close", success=302),
    "GET reopen_space": Operation({HOLDER: ("holder", "reopen")}, shows_form=True),
    "POST reopen_space": _own("reopen", success=302),
    "GET see_as": _own("see_as", about="professional"),
    **{f"GET {page}": _own("see_as") for page in ("see_as_helper", "see_as_profession", "emergency_sheet")},
    **{
        f"GET {page}": Operation({HOLDER: ("holder", "history")}, shows_form=True)
        for page in ("entitlements", "entitlement")
    },
    "GET why": _own("history", success=404),
    "GET report": _own("history", success=404),
    "POST report": _own("report", success=404),  # of a line that is not there
    "GET reports": _own("history"),
    "GET relatives": _own("history"),
    **{f"GET {page}": _own("history") for page in ("invite", "invite_representative")},
    **{f"POST {page}": _own("invite", success=302) for page in ("invite", "invite_representative")},
    **{f"GET {act}": _own("history", about="helper") for act in ("end_help", "contest_help")},
    "POST end_help": _own("end_help", about="helper", success=302),
    "POST contest_help": _own("contest", about="helper", success=302),
    "GET advising": _own("history"),
    "GET ask_adviser": _own("history"),
    "POST ask_adviser": _own("advise"),
    "POST end_advising": _own("end_help", success=302),
    **{f"{method} leave_help": _NOWHERE for method in ("GET", "POST")},  # one does not help in one's own space
    **{f"{method} {page}": _NOWHERE for method in ("GET", "POST") for page in _INVITED},
    "GET end_team": _own("history", about="team"),
    "POST end_team": _own("end_team", about="team", success=302),
    **{f"GET {act}": _own("history", about="professional") for act in _DECISIONS},
    **{f"POST {act}": _own(verb, about="professional", success=302) for act, verb in _DECISIONS.items()},
}


HELPING: dict[str, Operation] = {
    name: replace(one, opens={kind: ("proxy", verb) for kind, (_, verb) in one.opens.items()})
    for name, one in PORTAL.items()
    if name.split()[1] not in _ACCOUNT
}
"""The same pages in the space of somebody whom one helps, at /pour/<mandate>/."""
HELPING |= {
    "GET open_secret": Operation({HOLDER: ("proxy", "unveil")}, "document"),
    "GET ask_adviser": Operation({HOLDER: ("proxy", "advise")}),
    "GET close_space": Operation({HOLDER: ("proxy", "close")}),
    "GET leave_help": Operation({HOLDER: ("proxy", "list")}),
    "POST leave_help": Operation({HOLDER: ("proxy", "end_help")}, success=302),
}


def _cares(
    verb: str,
    purpose: str = "care",
    *,
    about: str = "patient",
    lists: str = "",
    success: int = 200,
) -> Operation:
    return Operation({PROFESSIONAL: (purpose, verb)}, about, lists, success)


WORKSTATION: dict[str, Operation] = {
    "GET pro_home": Operation({PROFESSIONAL: ("care", "status")}, shows_form=True),
    "POST pro_home": _cares("status", success=302),
    "GET pro_hand_over": Operation({PROFESSIONAL: ("care", "status")}, shows_form=True),
    "POST pro_hand_over": Operation({PROFESSIONAL: ("care", "status")}, success=404, shows_form=True),  # a spent one
    "GET pro_help": Operation({PROFESSIONAL: ("care", "status")}, shows_form=True),
    "GET pro_patient": _cares("list", lists="current"),
    "POST pro_patient": _cares("list", lists="all"),
    "GET pro_consent": _cares("status"),
    "POST pro_consent": _cares("consent", success=302),
    "POST pro_withdraw": _cares("withdraw", success=302),
    "GET pro_history": _cares("history"),
    "GET pro_stated": _cares("list"),
    "GET pro_child": _cares("list"),
    "GET pro_abroad": _cares("list"),
    "GET pro_changes": _cares("list"),
    "GET pro_medicines": _cares("list"),
    "GET pro_reconcile": replace(_cares("list"), writes="80820-4"),
    "POST pro_reconcile": replace(_cares("list"), writes="80820-4"),
    "GET pro_summary": replace(_cares("list"), writes="SYNTH"),
    "POST pro_summary": replace(_cares("list"), writes="SYNTH"),
    "GET pro_results": _cares("list"),
    "POST pro_results": _cares("list"),
    "GET pro_analyte": _cares("list", success=404),
    "GET pro_block": _cares("history", about="professional"),
    "POST pro_block": _cares("block", about="professional", success=302),
    "GET pro_team": _cares("team"),
    "POST pro_team": _cares("team"),
    "POST pro_add_member": _cares("add_member", about="professional", success=302),
    "GET pro_emergency": _cares("status"),
    "POST pro_emergency": _cares("break_glass", "break_glass", success=302),
    "POST pro_emergency call": _cares("break_glass", "dispatch", success=302),
    "GET pro_deposit": _cares("deposit", "feed"),
    "POST pro_deposit": _cares("deposit", "feed", success=302),
    "GET pro_reading": _cares("read", about="document"),
    "GET pro_download": _cares("download", about="document"),
    "GET pro_piece": _cares("read", about="document"),
}

_KEPT_SECRET = (
    *("patient", "consent", "withdraw", "deposit", "reading", "download", "piece", "changes", "results", "analyte"),
    *("medicines", "child", "abroad"),
)
WORKSTATION |= {
    f"{method} pro_secret_{page}": replace(WORKSTATION[f"{method} pro_{page}"], secret=True)
    for page in _KEPT_SECRET
    for method in ("GET", "POST")
    if f"{method} pro_{page}" in WORKSTATION
}
WORKSTATION |= {
    "GET pro_open_secret": replace(_cares("read", about="document"), secret=True, made_only=True),
    "POST pro_open_secret": replace(_cares("amend", "feed", about="document", success=302), secret=True),
}

DOORS: Mapping[str, Mapping[str, Operation]] = {
    "mhd": MHD,
    "portal": PORTAL,
    "helping": HELPING,
    "workstation": WORKSTATION,
}
