"""Bytes that wait until a whole message is there."""

from blackstart.proxy.stage import Stage


class Held:
    """A buffer whose length shows in its stage's ``held_bytes``."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.buffer = bytearray()

    def __len__(self) -> int:
        return len(self.buffer)

    def add(self, data: bytes) -> None:
        """Keep ``data`` behind what waits already."""
        self._stage.hold(len(data))
        self.buffer += data

    def take(self, count: int) -> bytes:
        """The first ``count`` bytes; they wait no longer."""
        taken = bytes(self.buffer[:count])
        del self.buffer[:count]
        self._stage.release(len(taken))
        return taken

    def take_all(self) -> bytes:
        """Everything."""
        return self.take(len(self.buffer))
