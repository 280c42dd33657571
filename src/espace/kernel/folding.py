"""Comparing words as people do."""

import re
import unicodedata

_ACCENTS = re.compile("[\u0300-\u036f]")
"""Those of European languages; there are others."""


def folded(text: str) -> str:
    """Without accents, capitals or double spaces: « Glycémie » and « GLYCEMIE » are one word."""
    if text.isascii():
        return " ".join(text.lower().split())
    apart = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE").replace("’", "'"))
    plain = _ACCENTS.sub("", apart)
    if not plain.isascii():
        plain = "".join(one for one in plain if not unicodedata.combining(one))
    return " ".join(plain.casefold().split())
