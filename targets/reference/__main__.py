"""Start the service: ``python -m blackstart.targets.reference --host 127.0.0.1 --port 8080``."""

import argparse
import os
import sys

import uvicorn
from prometheus_client import disable_created_metrics

from blackstart.targets.reference.app import create_app
from blackstart.targets.reference.auth.keyring import KeyringError
from blackstart.targets.reference.auth.keyring_file import KeyringFile
from blackstart.targets.reference.logs import set_up_logs
from blackstart.targets.reference.settings import Settings, SettingsError, read_settings


def main() -> None:
    """Read the settings, refuse to start on bad ones, serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m blackstart.targets.reference")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    arguments = parser.parse_args()
    settings = _settings_or_exit()
    set_up_logs(settings.instance)
    # A second gauge for each counter, of no use here.
    disable_created_metrics()  # type: ignore[no-untyped-call]
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(settings),
            host=arguments.host,
            port=arguments.port,
            log_config=None,
            access_log=False,
            # Longer than clients keep idle connections, so that it is they who let go.
            timeout_keep_alive=75,
            timeout_graceful_shutdown=1,
        )
    )
    server.run()


def _settings_or_exit() -> Settings:
    try:
        settings = read_settings(os.environ)
        KeyringFile(settings.keyring_file)
    except (SettingsError, KeyringError) as error:
        sys.exit(str(error))
    return settings


if __name__ == "__main__":
    main()
