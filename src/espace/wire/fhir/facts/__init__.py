"""Facts of health as FHIR R4 tells them: the resources, and what is searched by. Written, never read."""
