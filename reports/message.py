"""The one line that says why a drill is not green; the same in pytest, Allure and JUnit."""

from blackstart.model.result import DrillResult, ProofResult
from blackstart.model.verdict import Verdict
from blackstart.reports.figures import loss_text, recovery_text


def status_message(result: DrillResult) -> str:
    """A fixed lead to sort by (the first finding's code, or ``INCONCLUSIVE``), then a sentence."""
    if result.verdict is Verdict.INCONCLUSIVE:
        return _with_more("INCONCLUSIVE", list(result.reasons) or ["no reason was given"])
    if result.verdict is Verdict.HELD:
        return f"held: recovery {recovery_text(result)}, acked writes lost {loss_text(result)}"
    if not result.findings:
        return "breached"
    first, *others = result.findings
    more = f" (and {', '.join(dict.fromkeys(f.code.value for f in others))})" if others else ""
    return f"{first.code.value}: {first.detail}{more}"


def proof_message(proof: ProofResult) -> str:
    """What had to be found with the guardrail off, and what was."""
    found = ", ".join(code.value for code in proof.found) or "nothing"
    return f"{proof.guardrail} off: expected {proof.expected.value}, found {found}"


def _with_more(lead: str, sentences: list[str]) -> str:
    more = f" (and {len(sentences) - 1} more)" if len(sentences) > 1 else ""
    return f"{lead}: {sentences[0]}{more}"
