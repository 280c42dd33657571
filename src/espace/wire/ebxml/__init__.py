"""Registry metadata on the wire: ebXML RegRep 3.0 as IHE XDS.b uses it (ITI TF-3, 4.2)."""
