"""The entries of a level-3 CDA R2, from elements to values (HL7 CDA R2, 4.3.6; CI-SIS « modèles de contenus CDA »)."""

from espace.wire.clinical_statements.reading import MOST_DEPTH, MOST_STATEMENTS, read

__all__ = ["MOST_DEPTH", "MOST_STATEMENTS", "read"]
