"""SOAP: what must be accepted, of XDS.b as the CI-SIS has it."""

from espace.kernel.reasons import Sentence
from espace.site.conform import announcing
from espace.site.conform.answers import Answer
from espace.site.conform.expecting import has_content, objects, responded, satisfies, status, wsdl
from espace.site.conform.facts import Door, Family, Need, Request, Rule, Scenario, Step, Who
from espace.site.conform.making import ebxml
from espace.site.conform.making.envelopes import send
from espace.site.conform.scenarios.soap_common import ACCEPT_FIX, deposited, got, provide
from espace.site.conform.staging import Stage

_PROVIDE = "IHE ITI TF-2, 3.41 ; CI-SIS, volet partage de documents de santé (TD2.1)"
_QUERY = "IHE ITI TF-2, 3.18 ; CI-SIS, volet partage de documents de santé (TD3.1)"


def _find(by: Who, *, whole: bool) -> Step:
    names = ("ExtrinsicObject",) if whole else ("ObjectRef",)

    def lists_it(stage: Stage, answer: Answer) -> bool:
        return any(one.get("id") == stage.kept["entry"] for one in objects(answer, *names))

    return Step(
        Sentence("Chercher (ITI-18, FindDocuments)", "Search (ITI-18, FindDocuments)"),
        lambda stage: send(stage, Door.REGISTRY, ebxml.QUERY, ebxml.find(stage, whole=whole), by=by),
        (
            responded("Success"),
            satisfies(f"le document parmi les {names[0]}", f"the document among the {names[0]}", lists_it),
        ),
        Sentence("Listez les documents courants du patient.", "List the current documents of the patient."),
    )


def _described(door: Door) -> Step:
    return Step(
        Sentence(f"Demander la description ({door})", f"Ask for the description ({door})"),
        lambda _: Request(door, path="?wsdl", by=Who.FEEDER),
        (status(200), wsdl()),
        Sentence("Servez un WSDL 1.1 à `?wsdl`.", "Serve a WSDL 1.1 at `?wsdl`."),
    )


SCENARIOS = (
    Scenario(
        "soap-wsdl",
        Family.SOAP,
        Sentence("Les adresses se décrivent (WSDL)", "The addresses describe themselves (WSDL)"),
        Rule(
            Sentence("Chaque adresse sert son WSDL.", "Each address serves its WSDL."),
            "WSDL 1.1 ; IHE ITI TF-2, annexe V",
        ),
        (Need.CARD,),
        (_described(Door.REPOSITORY), _described(Door.REGISTRY)),
        (announcing.WSDL,),
    ),
    Scenario(
        "soap-iti41-inline",
        Family.SOAP,
        Sentence("Un dépôt, contenu dans le message", "A deposit, its content in the message"),
        Rule(Sentence("Le contenu est en base64 dans `Document`.", "The content is base64 in `Document`."), _PROVIDE),
        (Need.CARD,),
        (deposited(), got(ebxml.APPROVED)),
        (ebxml.PROVIDE, ebxml.QUERY),
    ),
    Scenario(
        "soap-iti41-mtom",
        Family.SOAP,
        Sentence("Un dépôt, contenu à côté (MTOM/XOP)", "A deposit, its content beside (MTOM/XOP)"),
        Rule(
            Sentence("Le contenu est une part, que XOP nomme.", "The content is a part that is named by XOP."),
            f"{_PROVIDE} ; W3C MTOM, XOP",
        ),
        (Need.CARD,),
        (deposited(inline=False), got(ebxml.APPROVED)),
        (ebxml.PROVIDE, ebxml.QUERY),
    ),
    Scenario(
        "soap-iti41-again",
        Family.SOAP,
        Sentence("Le même envoi deux fois ne double rien", "The same deposit twice doubles nothing"),
        Rule(
            Sentence(
                "Les mêmes octets sous le même uniqueId : succès, et un seul document.",
                "The same bytes under the same uniqueId: success, and one document.",
            ),
            f"{_PROVIDE} ; IHE ITI TF-3, 4.1.4",
        ),
        (Need.CARD,),
        (
            deposited(),
            Step(
                Sentence("Envoyer le même lot une deuxième fois", "Send the same set a second time"),
                provide,
                (responded("Success"),),
                ACCEPT_FIX,
            ),
            got(ebxml.APPROVED),
        ),
        (ebxml.PROVIDE, ebxml.QUERY),
    ),
    Scenario(
        "soap-iti41-replace",
        Family.SOAP,
        Sentence("Une nouvelle version remplace l’ancienne (RPLC)", "A new version replaces the old one (RPLC)"),
        Rule(
            Sentence(
                "L’ancienne version devient Deprecated, la nouvelle est Approved.",
                "The old version becomes Deprecated, the new one is Approved.",
            ),
            "IHE ITI TF-3, 4.2.2.2.3 ; CI-SIS (TD2.2)",
        ),
        (Need.CARD,),
        (deposited(), got(ebxml.APPROVED), deposited("second"), got(ebxml.DEPRECATED), got(ebxml.APPROVED, "second")),
        (ebxml.PROVIDE, ebxml.QUERY),
    ),
    Scenario(
        "soap-iti18-leaf",
        Family.SOAP,
        Sentence("FindDocuments rend des objets (LeafClass)", "FindDocuments gives objects (LeafClass)"),
        Rule(Sentence("LeafClass : les objets entiers.", "LeafClass: whole objects."), _QUERY),
        (Need.CARD, Need.READER_CARD),
        (deposited(), got(ebxml.APPROVED), _find(Who.READER, whole=True)),
        (ebxml.PROVIDE, ebxml.QUERY),
    ),
    Scenario(
        "soap-iti18-ref",
        Family.SOAP,
        Sentence("FindDocuments rend des références (ObjectRef)", "FindDocuments gives references (ObjectRef)"),
        Rule(Sentence("ObjectRef : les seuls identifiants.", "ObjectRef: ids alone."), _QUERY),
        (Need.CARD, Need.READER_CARD),
        (deposited(), got(ebxml.APPROVED), _find(Who.READER, whole=False)),
        (ebxml.PROVIDE, ebxml.QUERY),
    ),
    Scenario(
        "soap-iti43-retrieve",
        Family.SOAP,
        Sentence("Un lecteur récupère le document (ITI-43)", "A reader retrieves the document (ITI-43)"),
        Rule(
            Sentence("Les octets déposés reviennent, un par un.", "The bytes filed come back, one by one."),
            "IHE ITI TF-2, 3.43 ; CI-SIS (TD3.2)",
        ),
        (Need.CARD, Need.READER_CARD),
        (
            deposited(),
            got(ebxml.APPROVED, by=Who.READER),
            Step(
                Sentence("Récupérer (ITI-43)", "Retrieve (ITI-43)"),
                lambda stage: send(
                    stage, Door.REPOSITORY, ebxml.RETRIEVE, ebxml.retrieve(stage, stage.kept["repository"]),
                    by=Who.READER,
                ),
                (responded("Success"), has_content()),
                Sentence(
                    "Rendez le contenu en MTOM : `Document` mène à sa part.",
                    "Give the content by MTOM: `Document` leads to its part.",
                ),
            ),
        ),
        (ebxml.PROVIDE, ebxml.QUERY, ebxml.RETRIEVE),
    ),
    Scenario(
        "soap-iti57-archive",
        Family.SOAP,
        Sentence("Le déposant archive son document (ITI-57)", "The depositor archives their document (ITI-57)"),
        Rule(
            Sentence(
                "`UpdateAvailabilityStatus` mène d’Approved à Archived.",
                "`UpdateAvailabilityStatus` leads from Approved to Archived.",
            ),
            "IHE ITI TF-2, 3.57 ; CI-SIS (TD3.3d), JDV_J52",
        ),
        (Need.CARD,),
        (
            deposited(),
            got(ebxml.APPROVED),
            Step(
                Sentence("Archiver (ITI-57)", "Archive (ITI-57)"),
                lambda stage: send(
                    stage, Door.REGISTRY, ebxml.UPDATE,
                    ebxml.update(stage, stage.kept["entry"], ebxml.APPROVED, ebxml.ARCHIVED),
                ),
                (responded("Success"),),
                ACCEPT_FIX,
            ),
            got(ebxml.ARCHIVED),
        ),
        (ebxml.PROVIDE, ebxml.QUERY, ebxml.UPDATE),
    ),
)  # fmt: skip
