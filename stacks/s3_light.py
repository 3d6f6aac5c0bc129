"""S3, served by moto: light, in memory only, for drills whose point is not what is stored."""

from pathlib import Path
from typing import ClassVar

from blackstart.stacks import programs
from blackstart.stacks.s3_member import S3Member
from blackstart.warden.process import Process


class S3Light(S3Member):
    """moto's server: any kill or restart loses every object, and it checks no signature."""

    needs_mib: ClassVar[int] = 16

    def _spawn(self, disk: Path) -> Process:
        return self._warden.spawn(
            [*programs.moto_server(), "-H", "127.0.0.1", "-p", str(self.direct_port)],
            name=self.name,
            env={"PATH": "/usr/bin:/bin", "HOME": str(disk)},
            cwd=disk,
            log=self.log,
        )
