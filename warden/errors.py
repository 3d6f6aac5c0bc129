"""What can go wrong between an owner and its warden."""

from blackstart.model.errors import BlackstartError, StartError


class SpawnError(StartError):
    """A process was not started; nothing of it is left."""


class WardenLostError(BlackstartError):
    """The warden is dead or does not answer; it, or the kernel, ended every process of the run."""

    exit_code = 4
