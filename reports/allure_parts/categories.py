"""Categories: why a drill is not green, by the code that its message leads with."""

from blackstart.model.findings import FindingCode as Code

# The gravest first: Allure takes the first category that matches.
CATEGORIES: tuple[tuple[str, frozenset[Code]], ...] = (
    (
        "Acknowledged data lost or damaged",
        frozenset(
            {
                Code.ACKED_WRITE_LOST,
                Code.RPO_EXCEEDED,
                Code.WRITE_DUPLICATED,
                Code.PHANTOM_WRITE,
                Code.WRITE_CORRUPTED,
            }
        ),
    ),
    ("RTO missed", frozenset({Code.RTO_EXCEEDED, Code.NOT_RECOVERED})),
    (
        "Not back to normal",
        frozenset({Code.NOT_NORMAL, Code.CONNECTIONS_LEAKED, Code.POOL_OVERRUN, Code.STAMPEDE}),
    ),
    (
        "Sessions and keys",
        frozenset({Code.FORCED_LOGOUT, Code.KEY_NOT_ROTATED, Code.OLD_KEY_ACCEPTED}),
    ),
    ("Warning or health silent", frozenset({Code.WARNING_SILENT, Code.HEALTH_UNTRUTHFUL})),
)
CONTRACT = "Degradation contract broken"  # every code that no category above names
INCONCLUSIVE = "Inconclusive: could not verify"
HARNESS = "Error in the harness or the drill"


def category_of(code: Code) -> str:
    """The category that a finding of this code falls into."""
    return next((name for name, codes in CATEGORIES if code in codes), CONTRACT)


def categories() -> list[dict[str, object]]:
    """For ``categories.json`` (Allure 2) and ``allurerc.json`` (Allure 3, which ignores the file).

    A message names its codes at the start of a line; what pytest puts before them may differ.
    The same expression must do for Java, which matches whole messages, and for JavaScript, which
    searches: so any sign on either side, and no inline flags.
    """
    named = [(name, _lead(sorted(codes))) for name, codes in CATEGORIES]
    rest = sorted(code for code in Code if category_of(code) == CONTRACT)
    failed = [_category(name, "failed", lead) for name, lead in (*named, (CONTRACT, _lead(rest)))]
    could_not = rf"{_ANY}(?:INCONCLUSIVE: |: inconclusive|InconclusiveError){_ANY}"
    inconclusive = _category(INCONCLUSIVE, "broken", could_not)
    return [*failed, inconclusive, {"name": HARNESS, "matchedStatuses": ["broken"]}]


_ANY = r"[\s\S]*"


def _lead(codes: list[Code]) -> str:
    return rf"{_ANY}\b(?:{'|'.join(code.value for code in codes)}): {_ANY}"


def _category(name: str, status: str, expression: str) -> dict[str, object]:
    return {"name": name, "matchedStatuses": [status], "messageRegex": expression}
