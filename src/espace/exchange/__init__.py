"""The door for machines: FHIR (MHD) and OAuth 2. It brings credentials and bytes, and knows no rule."""
