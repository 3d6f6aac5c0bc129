"""The ``blackstart`` command: what it takes, and how it ends."""

import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from blackstart.model.errors import BlackstartError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

DEFECT = 4
INTERRUPTED = 130
_PROXY = "proxy"
# Newer versions of Typer bring a Click of their own: its errors are known by what Typer exports.
_REFUSALS: tuple[type[Exception], ...] = tuple(
    kind
    for kind in typer.BadParameter.__mro__
    if issubclass(kind, Exception) and kind.__name__ == "ClickException"
)
# Lines in a log or a pipe are as long as they are.
_ENDLESS = 1000

app = typer.Typer(
    name="blackstart",
    rich_markup_mode="rich" if sys.stdout.isatty() else None,
    add_completion=True,
    pretty_exceptions_enable=False,
    help="Rehearse disasters on purpose, and measure them from the client's side.",
)


@app.command()
def run(  # noqa: PLR0913, PLR0917 - one for each option
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[SCENARIO[VARIANT]]...", show_default=False)
    ] = None,
    target: Annotated[str | None, typer.Option(help="A shipped target: reference.")] = None,
    config: Annotated[Path | None, typer.Option(help="Your own target's blackstart.toml.")] = None,
    cadence: Annotated[str | None, typer.Option(help="Only scenarios of this cadence.")] = None,
    prove: Annotated[  # noqa: FBT002 - typer's way
        bool, typer.Option("--prove", help="Also prove every guardrail by switching it off.")
    ] = False,
    off: Annotated[
        str, typer.Option(help="Guardrails to switch off, by commas: to replay a proof.")
    ] = "",
    seed: Annotated[int, typer.Option(help="Where every random choice comes from.")] = 7,
    json: Annotated[Path | None, typer.Option(help="Write the result here.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write a JUnit report here.")] = None,
    allure: Annotated[
        Path | None, typer.Option(help="Write Allure results into this folder.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write a scorecard page here.")] = None,
    timelines: Annotated[
        Path | None, typer.Option(help="Write each drill's timeline (SVG) into this folder.")
    ] = None,
) -> None:
    """Drill scenarios on a target: all of them, or those named, or those of a cadence."""
    from blackstart.runner import commands
    from blackstart.runner.commands import Outputs, Selection

    selection = Selection(
        names=tuple(names or ()),
        target=target,
        config=config,
        cadence=cadence,
        seed=seed,
        off=tuple(part for part in off.split(",") if part),
    )
    outputs = Outputs(json=json, junit=junit, allure=allure, html=html, timelines=timelines)
    raise typer.Exit(commands.run(selection, outputs, proving=prove))


@app.command("list")
def list_() -> None:
    """Show every scenario with its variants, priority and cadences."""
    from blackstart.runner.showing import list_scenarios

    list_scenarios(_console())


@app.command()
def explain(scenario: str) -> None:
    """Say what a scenario does, what must hold, and what proves it."""
    from blackstart.runner.showing import explain as shown

    shown(scenario, _console())


@app.command(
    _PROXY,
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def proxy_(context: typer.Context) -> None:
    """Run the fault proxy alone: a drop-in for Toxiproxy's server (-host, -port, -config)."""
    from blackstart.proxy.command import main as serve

    raise typer.Exit(serve(context.args))


def main() -> None:
    """The command. Its exit codes are what others script against (docs/ARCHITECTURE.md)."""
    # As Ctrl-C does, past every handler of ordinary errors on the way.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(_guarded(sys.argv[1:] or ["--help"]))


def _guarded(arguments: list[str]) -> int:
    try:
        code = int(app(arguments, standalone_mode=False) or 0)
    except _REFUSALS as error:
        _say(f"error: {_told(error)}\nfix: blackstart --help, or blackstart run --help")
        return UsageError.exit_code
    except BlackstartError as error:
        _say(f"error: {error}")
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception:  # noqa: BLE001 - the last line of defence says whose fault it is
        _say(traceback.format_exc())
        _say("this is a defect of Blackstart, not of your service; nothing was concluded")
        return DEFECT
    if code == INTERRUPTED:  # some versions of Typer make a code of Ctrl-C, and some an error
        _say("interrupted; everything was torn down")
    return code


def _told(refusal: Exception) -> str:
    return str(getattr(refusal, "format_message", refusal.__str__)())


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _console() -> "Console":
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else _ENDLESS)
