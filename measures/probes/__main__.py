"""``python -m blackstart.measures.probes SOCKET RECORDS``: the prober as a process of its own."""

import asyncio
import contextlib
import gc
import os
import sys
from pathlib import Path

from blackstart.measures.probes.control import run


def main() -> None:
    """Serve one owner, at a little more than ordinary priority where that is allowed."""
    socket, records = sys.argv[1:]
    with contextlib.suppress(PermissionError):
        os.nice(-10)
    # A collection in the middle of a drill would show as lateness; probes make few cycles.
    gc.freeze()
    asyncio.run(run(Path(socket), Path(records)))


if __name__ == "__main__":
    main()
