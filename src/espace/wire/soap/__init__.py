"""SOAP 1.2 over HTTP, with attachments: what IHE XDS.b speaks (ITI TF-2x, appendix V)."""
