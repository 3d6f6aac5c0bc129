"""The lifecycle of a drill, the ``drill`` fixture, the ``blackstart`` command."""
