"""Carries out the steps of a scenario, in order."""

from blackstart.faults.catalogue import make as make_fault
from blackstart.model.faults import Condition
from blackstart.model.scenario import (
    Burst,
    Hold,
    Lift,
    Load,
    Recover,
    Replay,
    Steady,
    Step,
    Strike,
)
from blackstart.recovery.catalogue import make as make_step
from blackstart.runner.live import Live


def carry_out(live: Live, steps: tuple[Step, ...]) -> None:
    """Every step, one after the other."""
    for step in steps:
        _one(live, step)


def _one(live: Live, step: Step) -> None:  # noqa: C901 - one case for each kind of step
    match step:
        case Steady(for_s=for_s):
            live.steady(for_s=for_s)
        case Hold(for_s=for_s):
            live.hold(for_s=for_s)
        case Strike():
            _strike(live, step)
        case Lift():
            live.lift()
        case Recover(step=name, member=member):
            live.recover(make_step(name, member))
        case Load(rates=rates):
            live.load(dict(rates))
        case Burst(role=role, requests=requests):
            live.burst(role, requests=requests)
        case Replay(grace=grace):
            live.replay(grace=grace)


def _strike(live: Live, step: Strike) -> None:
    fault = make_fault(step.fault, step.member, step.settings)
    if isinstance(fault, Condition):
        live.begin(fault)
    else:
        live.strike(fault)
