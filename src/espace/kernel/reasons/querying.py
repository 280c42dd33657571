"""Why a stored query (ITI-18) or a retrieval (ITI-43) was refused for what it asks (ITI TF-3, table 4.2.4.1-2)."""

from espace.kernel.reasons.words import Reason, Sentence


def _querying(code: str, issue: str, fr: str, en: str, fix_fr: str, fix_en: str) -> Reason:
    said = Sentence(fr, en)
    return Reason(code, 400, issue, said, said, Sentence(fix_fr, fix_en))


QUERY_MALFORMED = _querying(
    "query_malformed",
    "structure",
    "La requête enregistrée n’a pas la forme attendue.",
    "The stored query does not have the expected form.",
    "Envoyez un ResponseOption (LeafClass ou ObjectRef) et un AdhocQuery dont chaque Slot a un nom et des valeurs.",
    "Send one ResponseOption (LeafClass or ObjectRef) and one AdhocQuery whose every Slot has a name and values.",
)
STORED_QUERY_UNKNOWN = _querying(
    "stored_query_unknown",
    "not-supported",
    "Cette requête enregistrée n’existe pas ici.",
    "This stored query does not exist here.",
    "Prenez l’identifiant d’une des requêtes d’ITI-18 (FindDocuments, GetDocuments…).",
    "Take the identifier of one of the queries of ITI-18 (FindDocuments, GetDocuments…).",
)
QUERY_PARAMETER_MISSING = _querying(
    "query_parameter_missing",
    "required",
    "Un paramètre obligatoire de la requête manque.",
    "A mandatory parameter of the query is missing.",
    "Ajoutez le paramètre indiqué.",
    "Add the parameter shown.",
)
QUERY_PARAMETER_NUMBER = _querying(
    "query_parameter_number",
    "structure",
    "Un paramètre de la requête est dit plus de fois, ou a plus de valeurs, qu’il ne peut.",
    "A parameter of the query is said more often, or has more values, than it may.",
    "Gardez une seule valeur, ou un seul des paramètres qui s’excluent.",
    "Keep a single value, or a single one of the parameters that exclude each other.",
)
QUERY_PARAMETER_INVALID = _querying(
    "query_parameter_invalid",
    "value",
    "Un paramètre de la requête n’est pas connu d’elle, ou sa valeur n’est pas lisible.",
    "A parameter is not known to the query, or its value cannot be read.",
    "Corrigez le paramètre indiqué : 'texte', ('a','b'), 'code^^système', nombre sans apostrophes.",
    "Correct the parameter shown: 'text', ('a','b'), 'code^^system', a number without quotes.",
)
TOO_MANY_RESULTS = _querying(
    "too_many_results",
    "too-costly",
    "La requête trouve plus de documents qu’une réponse n’en peut décrire.",
    "The query finds more documents than one answer may describe.",
    "Resserrez-la (dates, types), ou demandez ObjectRef puis GetDocuments par lots.",
    "Narrow it (dates, types), or ask for ObjectRef and then GetDocuments in batches.",
)
PATIENT_UNSTATED = _querying(
    "patient_unstated",
    "required",
    "Rien ne dit de quel patient il s’agit.",
    "Nothing says which patient this is about.",
    "Nommez le patient dans le VIHF (resource-id).",
    "Name the patient in the VIHF (resource-id).",
)
RETRIEVAL_MALFORMED = _querying(
    "retrieval_malformed",
    "structure",
    "La demande de documents n’a pas la forme attendue.",
    "The request for documents does not have the expected form.",
    "Envoyez des DocumentRequest, chacun avec un RepositoryUniqueId et un DocumentUniqueId.",
    "Send DocumentRequest elements, each with one RepositoryUniqueId and one DocumentUniqueId.",
)
REPOSITORY_UNKNOWN = _querying(
    "repository_unknown",
    "not-found",
    "Cet entrepôt n’est pas celui-ci.",
    "This repository is not the one asked for.",
    "Prenez le repositoryUniqueId que donne la recherche (ITI-18).",
    "Take the repositoryUniqueId that the search gives (ITI-18).",
)
RETRIEVAL_TOO_LARGE = _querying(
    "retrieval_too_large",
    "too-long",
    "Les documents demandés ensemble dépassent ce qu’une réponse peut porter.",
    "The documents asked for together exceed what one answer may carry.",
    "Demandez-les en plusieurs fois.",
    "Ask for them in several requests.",
)
