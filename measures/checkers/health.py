"""Whether the health endpoint tells the truth: ill while the fault lasts, well at the end."""

import numpy as np

from blackstart.measures.history import History, outcome_is
from blackstart.measures.strikes import StrikeSpan
from blackstart.model.clock import seconds
from blackstart.model.findings import Finding, FindingCode
from blackstart.model.outcome import Outcome

_ROLE = "health"


def check(history: History, within_s: float, span: StrikeSpan) -> list[Finding]:
    """Some answer within ``within_s`` must tell of the fault; the last one must be well again."""
    probes = history.of(_ROLE)
    after = np.compress(probes["ended_ns"] >= span.called_ns, probes)
    telling = np.compress(outcome_is(after, (Outcome.DEGRADED,)), after)
    told_s = [seconds(span.called_ns, int(end)) for end in telling["ended_ns"]]
    found = []
    if not told_s or min(told_s) > within_s:
        came = "never" if not told_s else f"after {min(told_s):.2f} s"
        found.append(f"told of the fault {came}, promised within {within_s:g} s")
    if len(after) and not outcome_is(after[-1:], (Outcome.OK,))[0]:
        found.append("did not say that all is well when it was over")
    return [Finding(code=FindingCode.HEALTH_UNTRUTHFUL, detail=text) for text in found]
