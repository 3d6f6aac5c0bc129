"""A whole target: its instances, migrated, started and ready; one member of the drill."""

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from blackstart.model.capabilities import Exit
from blackstart.model.configuration import Configuration
from blackstart.model.errors import CapabilityError, StartError
from blackstart.stacks import ports
from blackstart.stacks.waits import tail
from blackstart.targets.instance import Instance, Launch, not_started
from blackstart.targets.loading import Loaded
from blackstart.targets.references import fill
from blackstart.targets.signing import Keyring
from blackstart.warden.client import Warden
from blackstart.warden.errors import SpawnError

_MIGRATE_LIMIT_S = 60.0
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Service:
    """The target as faults see it: what is done to it is done to all its instances in turn."""

    name = "target"

    def __init__(
        self,
        warden: Warden,
        loaded: Loaded,
        addresses: Mapping[str, str],
        *,
        instances: int,
        variables: Mapping[str, str],
    ) -> None:
        """``addresses`` fill ``{postgres.url}``; ``variables`` override the configured ones."""
        self._warden, self._loaded = warden, loaded
        self._addresses, self._variables = addresses, variables
        self._home = warden.directory("target")
        self._folders = [self._folder(number) for number in range(instances)]
        self._ports = [ports.free() for _ in range(instances)]
        self.instances = [Instance(warden, self._launch(number)) for number in range(instances)]
        self._keyring = self._make_keyring()

    @property
    def bases(self) -> tuple[str, ...]:
        """One address for each instance."""
        return tuple(instance.base for instance in self.instances)

    @property
    def logs(self) -> list[Path]:
        """The log of each instance."""
        return [instance.log for instance in self.instances]

    def bring_up(self) -> None:
        """For the first time: hand out keys, migrate, start."""
        if self._keyring is not None:
            self._keyring.begin()
        self._migrate()
        self.start()

    def start(self) -> None:
        """Start every instance that isn't running, and wait until all answer."""
        for instance in self.instances:
            if not instance.alive():
                instance.spawn()
        for instance in self.instances:
            instance.wait_ready()

    def stop(self) -> Exit | None:
        """Stop every instance in order; how the last one ended."""
        return [instance.stop() for instance in self.instances][-1]

    def alive(self) -> bool:
        """Whether every instance runs."""
        return all(instance.alive() for instance in self.instances)

    def kill(self) -> Exit:
        """SIGKILL to every instance; how the last one ended."""
        return [instance.kill() for instance in self.instances][-1]

    def restart(self) -> None:
        """One instance after the other, as a rolling deployment does."""
        for instance in self.instances:
            instance.restart()

    def pause(self) -> None:
        """Freeze every instance."""
        for instance in self.instances:
            instance.pause()

    def resume(self) -> None:
        """Let every instance go on."""
        for instance in self.instances:
            instance.resume()

    def discard_disk(self) -> None:
        """Destroy what instances stored on their own disks. They must not be running."""
        for instance in self.instances:
            instance.discard_disk()

    def publish_key(self, *, active_in_s: float, late_by_s: float) -> str:
        """Rotate the signing key; see ``Keyring.publish``."""
        if self._keyring is None:
            raise CapabilityError(
                "the target's signing keys can't be rotated: it has no [signing]",
                fix="say in blackstart.toml where they lie and what an entry looks like",
            )
        return self._keyring.publish(active_in_s=active_in_s, late_by_s=late_by_s)

    @property
    def _configuration(self) -> Configuration:
        return self._loaded.configuration

    def _folder(self, number: int) -> Path:
        folder = self._home / str(number)
        for part in ("disk", "secrets"):
            (folder / part).mkdir(parents=True)
        (folder / "secrets").chmod(0o700)
        return folder

    def _known(self, number: int) -> dict[str, str]:
        folder = self._folders[number]
        return {
            **self._addresses,
            "port": str(self._ports[number]),
            "disk": str(folder / "disk"),
            "secrets": str(folder / "secrets"),
            "instance": f"{self._configuration.target.name}-{number}",
            "python": sys.executable,
        }

    def _env(self, number: int) -> dict[str, str]:
        """What an instance knows: its configuration and a bare environment; nothing of ours."""
        bare = {"PATH": _PATH, "HOME": str(self._folders[number] / "disk"), "LANG": "C.UTF-8"}
        wanted = {**bare, **self._configuration.target.env, **self._variables}
        known = self._known(number)
        return {k: fill(v, known, where=f"[target].env.{k}") for k, v in wanted.items()}

    def _argv(self, command: str | tuple[str, ...], number: int) -> tuple[str, ...]:
        words = shlex.split(command) if isinstance(command, str) else command
        known = self._known(number)
        return tuple(fill(word, known, where="[target].start") for word in words)

    def _launch(self, number: int) -> Launch:
        target, folder = self._configuration.target, self._folders[number]
        return Launch(
            name=f"{target.name}-{number}",
            argv=self._argv(target.start, number),
            env=self._env(number),
            cwd=self._loaded.folder,
            port=self._ports[number],
            disk=folder / "disk",
            log=folder / "log",
            ready=target.ready,
            ready_limit_s=target.ready_limit_s,
            stop_limit_s=target.stop_limit_s,
        )

    def _make_keyring(self) -> Keyring | None:
        signing = self._configuration.signing
        if signing is None:
            return None
        files = [
            Path(fill(signing.file, self._known(number), where="[signing].file"))
            for number in range(len(self.instances))
        ]
        return Keyring(signing, files)

    def _migrate(self) -> None:
        command = self._configuration.target.migrate
        if command is None:
            return
        log = self._home / "migrate.log"
        name, folder = f"{self._configuration.target.name}: the migration", self._loaded.folder
        argv = list(self._argv(command, 0))
        try:
            process = self._warden.spawn(argv, name=name, env=self._env(0), cwd=folder, log=log)
        except SpawnError as error:
            raise not_started(error, "[target].migrate", folder) from error
        try:
            code: int | str = process.wait(_MIGRATE_LIMIT_S).code
        except TimeoutError:
            code = f"none within {_MIGRATE_LIMIT_S:g} s"
        if code != 0:
            raise StartError(
                f"{name} failed (exit code {code})",
                exists=tail(log),
                fix="mend what the log says, or [target].migrate",
            )
