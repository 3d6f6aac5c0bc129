"""What a run leaves behind when its processes are dead, and its removal."""

import contextlib
import glob
import os
import shutil
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path

from blackstart.warden import kernel
from blackstart.warden.wire import Message

SEGMENTS = Path("/proc/sysvipc/shm")


@dataclass(kw_only=True)
class Estate:
    """The run's directory, every pid that was its own, and paths declared to be left by kills."""

    directory: Path
    pids: set[int] = field(default_factory=set)
    leftovers: set[str] = field(default_factory=set)
    since_s: float = field(default_factory=time.time)

    def note(self, message: Message) -> None:
        """Take up what a process of the run may leave."""
        self.pids.update(message.get("pids", ()))
        self.leftovers.update(message.get("leftovers", ()))

    def remove(self) -> None:
        """Remove it all. Raises ``OSError`` for what could not be removed."""
        _remove_segments(self.pids, since_s=self.since_s)
        for pattern in self.leftovers:
            for path in glob.glob(pattern):  # noqa: PTH207 (absolute)
                Path(path).unlink(missing_ok=True)  # its process may have done it
        _remove_tree(self.directory)


def _remove_segments(pids: set[int], *, since_s: float) -> None:
    """Remove the unattached segments that ``pids`` made; not what an older namesake made."""
    if not SEGMENTS.exists():
        return
    heading, *rows = SEGMENTS.read_text().splitlines()
    names = heading.split()
    for row in rows:
        segment = dict(zip(names, map(int, row.split()), strict=True))
        ours = segment["cpid"] in pids and segment["ctime"] >= int(since_s)
        if ours and segment["nattch"] == 0:
            with contextlib.suppress(FileNotFoundError):
                kernel.remove_segment(segment["shmid"])


def _remove_tree(directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    if directory.exists():  # a drill may have taken rights away from a directory of ours
        directory.chmod(stat.S_IRWXU)
        for parent, names, _ in os.walk(directory):
            for folder in (Path(parent, name) for name in names):  # before the walk enters it
                if not folder.is_symlink():
                    folder.chmod(stat.S_IRWXU)
        shutil.rmtree(directory)
