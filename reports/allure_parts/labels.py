"""Labels and parameters: how a drill is found, grouped and compared."""

from collections.abc import Iterator

from blackstart.model.scenario import Strike
from blackstart.reports.material import DrillMaterial

SEVERITY = {"P0": "blocker", "P1": "critical", "P2": "normal", "-": "minor"}


def labels_of(material: DrillMaterial) -> tuple[tuple[str, str], ...]:
    """Family, component, story; severity by priority; what struck; whose it is."""
    return tuple(_labels(material))


def suites_of(material: DrillMaterial) -> tuple[tuple[str, str], ...]:
    """Where it stands in the tree, and what ran it: a pytest session says this by itself."""
    return (
        ("parentSuite", material.scenario.family),
        ("suite", material.scenario.component),
        ("subSuite", material.scenario.id),
        ("framework", "blackstart"),
        ("language", "python"),
    )


def parameters_of(material: DrillMaterial) -> tuple[tuple[str, str], ...]:
    """What this run was made with."""
    commit = material.target_commit or "unknown"
    made_with = (
        ("target", material.target),
        ("target commit", commit),
        ("stack", material.stack),
        ("seed", str(material.seed)),
    )
    return made_with + tuple(material.settings.items())


def _labels(material: DrillMaterial) -> Iterator[tuple[str, str]]:
    scenario = material.scenario
    yield "epic", scenario.family
    yield "feature", scenario.component
    yield "story", scenario.title
    yield "severity", SEVERITY[scenario.priority]
    yield "layer", "drill"
    yield "scenario", scenario.id
    if material.owner:
        yield "owner", material.owner
    strikes = (step.fault for step in material.variant.steps if isinstance(step, Strike))
    for fault in dict.fromkeys(strikes):
        yield "fault", fault
    if material.result.waived:
        yield "tag", "waived"
