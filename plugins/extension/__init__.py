"""Extensions: SIP To, the greeting, dialling an extension, ringing one employee (R1-R3)."""
