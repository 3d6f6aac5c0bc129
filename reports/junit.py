"""JUnit XML: a drill is a test case. Held passes, breached fails, inconclusive is an error."""

from collections.abc import Iterable
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from blackstart.model.result import DrillResult, ProofResult, RunResult
from blackstart.model.verdict import ProofVerdict, Verdict
from blackstart.reports.atomic_file import write_atomically
from blackstart.reports.figures import loss_text, objective_text, recovery_text
from blackstart.reports.message import proof_message, status_message
from blackstart.reports.printable import printable
from blackstart.reports.redact import redacted


def write_junit(result: RunResult, path: Path) -> None:
    """Write the JUnit file at ``path``, whole or not at all."""
    write_atomically(path, junit_xml(result))


def junit_xml(result: RunResult) -> bytes:
    """One suite of drills and, if any were made, one of proofs."""
    result = redacted(result)
    root = Element("testsuites", name="blackstart")
    _suite(root, "blackstart drills", result, (_drill(d) for d in result.drills))
    if result.proofs:
        _suite(root, "blackstart proofs", result, (_proof(p) for p in result.proofs))
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _suite(root: Element, name: str, result: RunResult, cases: Iterable[Element]) -> None:
    suite = SubElement(root, "testsuite", name=name, timestamp=result.started_at.isoformat())
    properties = SubElement(suite, "properties")
    for key in ("seed", "target", "target_commit", "stack", "tool_version"):
        SubElement(properties, "property", name=key, value=printable(str(getattr(result, key))))
    suite.extend(cases)
    suite.set("tests", str(len(suite.findall("testcase"))))
    for counted, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(counted, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", f"{sum(float(case.get('time', 0)) for case in suite):.3f}")


def _drill(drill: DrillResult) -> Element:
    case = _case(f"blackstart.{drill.scenario}", drill.id, drill.duration_s)
    message, told = status_message(drill), "\n".join(_told(drill))
    if drill.verdict is Verdict.INCONCLUSIVE:
        _ending(case, "error", message, "inconclusive", told)
    elif drill.verdict is Verdict.BREACHED and drill.waived:
        _ending(case, "skipped", f"waived: {message}", "", told)
    elif drill.verdict is Verdict.BREACHED:
        kind = drill.findings[0].code.value if drill.findings else "breached"
        _ending(case, "failure", message, kind, told)
    SubElement(case, "system-out").text = printable(told)
    return case


def _proof(proof: ProofResult) -> Element:
    name = f"{proof.scenario}[{proof.variant}] without {proof.guardrail}"
    case = _case(f"blackstart.proofs.{proof.scenario}", name, 0.0)
    told = "\n".join((*proof.reasons, f"replay: {proof.replay}"))
    if proof.verdict is ProofVerdict.UNPROVEN:
        _ending(case, "failure", proof_message(proof), "unproven", told)
    elif proof.verdict is ProofVerdict.INCONCLUSIVE:
        _ending(case, "error", proof_message(proof), "inconclusive", told)
    return case


def _case(classname: str, name: str, duration_s: float) -> Element:
    return Element("testcase", classname=classname, name=name, time=f"{duration_s:.3f}")


def _ending(case: Element, tag: str, message: str, kind: str, told: str) -> None:
    ending = SubElement(case, tag, message=printable(message))
    if kind:
        ending.set("type", kind)
    ending.text = printable(told)


def _told(drill: DrillResult) -> Iterable[str]:
    yield f"recovery: {recovery_text(drill)}, RTO {objective_text(drill.rto_s)}"
    yield f"acked writes lost: {loss_text(drill)}, RPO {objective_text(drill.rpo_s)}"
    yield from (f"reason: {reason}" for reason in drill.reasons)
    yield from (f"{finding.code.value}: {finding.detail}" for finding in drill.findings)
    yield from (f"witness: {line}" for line in drill.witness)
    yield f"replay: {drill.replay}"
