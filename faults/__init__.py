"""One fault, one file. A fault asks for capabilities, never for a class of a stack.

``docs/CREATING_FAULTS.md`` shows how to write one, and ``conformance.py`` what it has to keep.
"""
