"""The conformance kit: official scenarios played against a server over the network, or a vendor's messages read from
files, with a verdict each.

Against a server nothing of this one is used but the forms of messages: what is played would be played the same against
any other. Messages from files are read by the readers of our own doors.
"""
