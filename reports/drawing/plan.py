"""What a variant does, in one line: ``kill postgres → promote replica``."""

from blackstart.model.scenario import Lift, Recover, Strike, Variant


def plan_line(variant: Variant) -> str:
    """Strikes, then what ends them; a target that mends itself is said to."""
    strikes = [f"{s.fault} {s.member}" for s in variant.steps if isinstance(s, Strike)]
    ends = [
        "lifted" if isinstance(s, Lift) else f"{s.step} {s.member}"
        for s in variant.steps
        if isinstance(s, Lift | Recover)
    ]
    begun = " + ".join(dict.fromkeys(strikes)) or "no strike"
    return f"{begun} → {', '.join(dict.fromkeys(ends)) or 'own recovery'}"
