"""The words of the reports themselves, in both languages, and taking one of them."""

from collections.abc import Mapping
from html import escape

from espace.kernel.reasons import Sentence
from espace.site.conform.facts import Difference, Verdict

LANGUAGES = ("fr", "en")
VERDICTS: Mapping[Verdict, Sentence] = {
    Verdict.PASSED: Sentence("Réussi", "Passed"),
    Verdict.FAILED: Sentence("Échoué", "Failed"),
    Verdict.NOT_APPLICABLE: Sentence("Sans objet", "Not applicable"),
}
COUNTS: Mapping[Verdict, Sentence] = {
    Verdict.PASSED: Sentence("réussis", "passed"),
    Verdict.FAILED: Sentence("échoués", "failed"),
    Verdict.NOT_APPLICABLE: Sentence("sans objet", "not applicable"),
}
TITLE = Sentence("Rapport de conformité", "Conformance report")
OF = Sentence("Serveur ou messages", "Server or messages")
AT = Sentence("Commencé le (UTC)", "Begun at (UTC)")
SUMMARY = Sentence("Bilan", "Summary")
FAILURES = Sentence("À corriger", "To be corrected")
NOTHING_WRONG = Sentence("Rien à corriger.", "Nothing to correct.")
ALL = Sentence("Tous les scénarios", "All scenarios")
RULE = Sentence("Règle", "Rule")
SOURCE = Sentence("Source", "Source")
WHERE = Sentence("Où", "Where")
EXPECTED = Sentence("Attendu", "Expected")
FOUND = Sentence("Trouvé", "Found")
WRONG = Sentence("Problème", "Problem")
DETAIL = Sentence("Précision", "Detail")
FIX = Sentence("À faire", "What to do")
REASON = Sentence("Code", "Code")
WHY = Sentence("Sans objet", "Not applicable")
ABOUT = Sentence(
    "Les noms et les numéros qui ont servi sont inventés. Un scénario « sans objet » n’a pas été joué : le serveur "
    "n’annonce pas ce qu’il demande, ou il manquait de quoi demander.",
    "The names and numbers that were used are invented. A scenario that is « not applicable » was not played: the "
    "server does not announce what it asks for, or there was nothing to ask with.",
)
SKIP = Sentence("Aller au bilan", "Go to the summary")


def said(sentence: Sentence, language: str) -> str:
    return plain(sentence.fr if language == "fr" else sentence.en)


def rows(each: Difference, language: str) -> list[tuple[str, str]]:
    """What is told of a difference, each with its name; of a message there is a problem rather than an answer."""
    expected, found = (WRONG, DETAIL) if each.reason else (EXPECTED, FOUND)
    told = [
        (WHERE, said(each.where, language)),
        (expected, said(each.expected, language)),
        (found, plain(each.found)),
        (FIX, said(each.fix, language)),
    ]
    if each.reason:
        told.append((REASON, plain(each.reason)))
    return [(said(name, language), text) for name, text in told]


def plain(text: str) -> str:
    """Without the signs that XML and terminals cannot have; file names and servers may hold any."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def html(text: str) -> str:
    """Escaped; what stands between backquotes is code."""
    pieces = escape(plain(text)).split("`")
    if len(pieces) % 2 == 0:
        return "`".join(pieces)
    return "".join(f"<code>{piece}</code>" if rank % 2 else piece for rank, piece in enumerate(pieces))
