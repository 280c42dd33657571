"""The door for HL7 v2 messages that carry CDA documents (CI-SIS): over HTTP."""
