"""FHIR R4 (4.0.1) in JSON, as MHD 4.2 and PDSm 3.1.1 use it: bytes ⇄ values."""
