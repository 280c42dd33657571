"""FHIR R4: one module a transaction."""
