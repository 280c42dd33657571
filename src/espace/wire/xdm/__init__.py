"""Archives of documents (IHE XDM, ITI TF-2 3.32): the files of one ⇄ submissions; and the mails that carry one."""
