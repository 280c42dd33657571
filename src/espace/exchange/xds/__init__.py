"""The SOAP door (IHE XDS.b, CI-SIS): one module per transaction, named by its number."""
