"""One fault, one file. A fault asks for capabilities, never for a class of a stack."""
