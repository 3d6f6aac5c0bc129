"""``python -m blackstart.warden SOCKET_FD OWNER_PID``: started by ``client``, not by hand."""

import sys

from blackstart.warden.guard import guard

if __name__ == "__main__":
    sys.exit(guard(socket_fd=int(sys.argv[1]), owner_pid=int(sys.argv[2])))
