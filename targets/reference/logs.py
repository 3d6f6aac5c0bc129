"""One line of text for each log record, on stderr."""

import logging
import sys


class OneLine(logging.Formatter):
    """Time, level, instance, message; line breaks of a traceback become `` | ``."""

    def __init__(self, instance: str) -> None:
        super().__init__(f"%(asctime)s %(levelname)s {instance} %(message)s")
        self.default_msec_format = "%s.%03d"

    def format(self, record: logging.LogRecord) -> str:
        """Format ``record`` on one line."""
        return super().format(record).replace("\n", " | ")


def set_up_logs(instance: str) -> None:
    """Send everything from INFO on to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine(instance))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # Chatty by nature, and they would repeat what our own lines and counters say.
    for chatty in ("botocore", "stamina"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
