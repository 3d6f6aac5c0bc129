"""The strikes of a history: each judged from its call to the next one, or to the end."""

from dataclasses import dataclass

from blackstart.measures.history import History, MarkKind


@dataclass(frozen=True, kw_only=True)
class StrikeSpan:
    """One strike, or several without a watch between them; instants in monotonic ns."""

    text: str
    called_ns: int
    completed_ns: int
    until_ns: int

    @property
    def uncertain_s(self) -> float:
        """Between call and completion nobody knows whether it had bitten already."""
        return (self.completed_ns - self.called_ns) / 1e9


def strikes(history: History) -> tuple[StrikeSpan, ...]:
    """The strikes in order. Marks of one group (``data["group"]``) count as one strike."""
    groups: dict[object, list[tuple[int, int, str]]] = {}
    called = {m.data.get("strike"): m for m in history.all(MarkKind.STRIKE_CALLED)}
    for done in history.all(MarkKind.STRIKE_COMPLETED):
        call = called[done.data.get("strike")]
        groups.setdefault(done.data.get("group"), []).append((call.at_ns, done.at_ns, done.text))
    parts = list(groups.values())
    if not parts:
        return ()  # called perhaps, but never completed: nothing to judge by
    ends = [part[0][0] for part in parts[1:]] + [history.end_ns + 1]
    return tuple(
        StrikeSpan(
            text=" + ".join(text for _, _, text in part),
            called_ns=part[0][0],
            completed_ns=part[-1][1],
            until_ns=end,
        )
        for part, end in zip(parts, ends, strict=True)
    )


def mended_ns(history: History, span: StrikeSpan) -> int | None:
    """When the last condition of ``span`` was lifted, or its damage mended; ``None`` if never."""
    ends = [
        m.at_ns
        for m in history.marks
        if m.kind in (MarkKind.LIFTED, MarkKind.RECOVERED)
        and span.called_ns <= m.at_ns < span.until_ns
    ]
    return max(ends, default=None)


def fault_end_ns(history: History, span: StrikeSpan) -> int:
    """When the fault was over. Damage that nobody mends was complete, and the member back, when the
    strike was.
    """
    mended = mended_ns(history, span)
    return span.completed_ns if mended is None else mended
