"""Facts of health by FHIR R4: one resource for each fact, whatever the number of documents that say it; a reader finds
those of the documents that they may see, and what the patient states for them to see."""
