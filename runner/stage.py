"""Everything that one drill needs, brought up and torn down: stack, target, prober, watches."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Self

from blackstart.measures.backends import BackendWatch
from blackstart.measures.history import Mark, Series
from blackstart.measures.logs import LogWatch
from blackstart.measures.prober import Prober
from blackstart.measures.probes.plan import HEALTH, ProbePlan
from blackstart.model.capabilities import Members, Proxied, Sql
from blackstart.model.clock import Clock, MonotonicClock
from blackstart.model.configuration import MemberConfig
from blackstart.model.scenario import ExpectHealth, ExpectNoStampede, ExpectPool
from blackstart.runner.plan import DrillPlan
from blackstart.stacks.processes import ProcessStack
from blackstart.targets.service import Service
from blackstart.targets.switches import switched_off
from blackstart.warden.client import Warden
from blackstart.warden.launcher import module_environment

_HEALTH_RATE = 5.0


class Stage:
    """One scenario's services on one target: fresh data, fresh target, a warden of its own.

    ``with Stage(...) as stage:``; leaving it ends every process and removes what they left.
    """

    def __init__(self, plan: DrillPlan, clock: Clock | None = None) -> None:
        """Nothing runs until entered."""
        self.plan = plan
        self.clock = clock or MonotonicClock()
        self._variables = {**plan.settings, **switched_off(plan.configuration, plan.off)}
        self.stack_s = self.target_s = self.teardown_s = 0.0
        self._ends = ExitStack()
        self.members: Members
        self.prober: Prober
        self._stack: ProcessStack
        self._service: Service
        self._logs: LogWatch
        self._backends: BackendWatch | None = None

    def __enter__(self) -> Self:
        """Bring everything up. Raises ``StartError``; then nothing is left running."""
        try:
            self._bring_up()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Tear everything down."""
        self.close()

    def close(self) -> None:
        """End everything at once: the warden sweeps. Safe to call twice."""
        started = time.monotonic()
        self._ends.close()
        self.teardown_s = max(self.teardown_s, time.monotonic() - started)

    @property
    def rates(self) -> dict[str, float]:
        """What traffic flows from the start; health is asked only where it is judged."""
        asks = self.plan.configuration.health and self._expects(ExpectHealth)
        return {**self.plan.scenario.rates, **({HEALTH: _HEALTH_RATE} if asks else {})}

    def marks(self) -> list[Mark]:
        """What the log watch and the prober told of."""
        return [*self._logs.marks(), *self.prober.marks()]

    def samples(self) -> Mapping[str, Series]:
        """What the backend watch counted."""
        return self._backends.samples() if self._backends else {}

    def stop_watching(self) -> None:
        """The watches read what is there and end."""
        self._logs.stop()
        if self._backends is not None:
            self._backends.stop(idle=self.plan.pool("pool_size"))

    def _bring_up(self) -> None:
        warden = self._ends.enter_context(Warden())
        self.prober = Prober(warden, env=module_environment())
        self._ends.callback(self.prober.close)
        configs = self._member_configs()
        with ThreadPoolExecutor(1) as beside:
            opened = beside.submit(self.prober.open)
            started = time.monotonic()
            self._stack = ProcessStack(warden, needs=tuple(configs), configs=configs)
            self._stack.start()
            self.stack_s = time.monotonic() - started
            opened.result()
        self._start_target(warden)
        self._begin_probing()
        self._watch()

    def _member_configs(self) -> dict[str, MemberConfig]:
        """The target's members; one that isn't the scenario's point may be a light stand-in."""
        configured = self.plan.configuration.members
        return {
            name: configured.get(name, MemberConfig(light=name not in self.plan.scenario.needs))
            for name in self.plan.configuration.target.needs
        }

    def _start_target(self, warden: Warden) -> None:
        started = time.monotonic()
        self._service = Service(
            warden,
            self.plan.loaded,
            self._stack.addresses,
            instances=max(self.plan.scenario.instances, self.plan.configuration.target.instances),
            variables=self._variables,
        )
        self.members = Members({**self._stack.members, self._service.name: self._service})
        self._service.bring_up()
        self.target_s = time.monotonic() - started

    def _begin_probing(self) -> None:
        configuration = self.plan.configuration
        self.prober.begin(
            ProbePlan(
                seed=self.plan.seed,
                bases=self._service.bases,
                roles={role: configuration.traffic[role] for role in self.plan.scenario.rates},
                session=configuration.session,
                health=configuration.health,
            )
        )
        for member, delay_ms in self.plan.scenario.link_delay_ms.items():
            self.members.able(member, Proxied).link.add(
                "latency", stream="downstream", attributes={"latency": delay_ms}
            )

    def _expects(self, *kinds: type) -> bool:
        expected = (*self.plan.scenario.expect, *self.plan.variant.expect)
        return any(isinstance(e, kinds) for e in expected)

    def _watch(self) -> None:
        signals = {name: s.log for name, s in self.plan.configuration.signals.items()}
        self._logs = LogWatch(self._service.logs, signals, self.clock)
        self._logs.start()
        self._ends.callback(self._logs.stop)
        if self._expects(ExpectPool, ExpectNoStampede):
            self._backends = BackendWatch(self.members.able("postgres", Sql), self.clock)
            self._backends.start()
            self._ends.callback(self._backends.stop)
