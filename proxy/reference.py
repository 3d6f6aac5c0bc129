"""The table of toxics for the documents: ``python -m blackstart.proxy.reference``."""

import sys
from collections.abc import Iterator

from blackstart.proxy.catalogue import KINDS
from blackstart.proxy.fields import Field


def table() -> str:
    """Every toxic with its attributes, in Markdown; what the code says, in its own words."""
    rows = ["| toxic | what it does | attributes (default; allowed) |", "|---|---|---|"]
    summaries = dict(_summaries())
    for name, kind in sorted(KINDS.items(), key=lambda entry: ("_" in entry[0], entry[0])):
        fields = "<br>".join(_field(name, field) for name, field in kind.fields.items())
        rows.append(f"| `{name}` | {summaries[name]} | {fields or '–'} |")
    return "\n".join(rows) + "\n"


def _summaries() -> Iterator[tuple[str, str]]:
    """The first line of each toxic's file, behind the name that it begins with."""
    for name, module in tuple(sys.modules.items()):
        kind = getattr(module, "KIND", None)
        if name.startswith("blackstart.proxy.") and kind is not None:
            yield kind.name, (module.__doc__ or "").splitlines()[0].partition(": ")[2]


def _field(name: str, field: Field) -> str:
    default = repr(field.default).strip("'").replace("\\n", "") or "none"
    return f"`{name}` ({default}; {field.allowed})"


if __name__ == "__main__":
    sys.stdout.write(table())
