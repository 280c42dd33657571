"""Comparing words as people do."""

import unicodedata


def folded(text: str) -> str:
    """Without accents or capitals: « Glycémie » and « glycemie » are one word."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE").replace("’", "'"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
