"""The ``blackstart`` command: what it takes, and how it ends."""

import signal
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import Annotated

import click
import typer
from rich.console import Console

from blackstart.model.errors import BlackstartError, InterruptError, UsageError
from blackstart.runner import commands
from blackstart.runner.commands import Outputs, Selection

DEFECT = 4
INTERRUPTED = 130
_PROXY = "proxy"

app = typer.Typer(
    name="blackstart",
    no_args_is_help=True,
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
    commands.list_scenarios(Console())


@app.command()
def explain(scenario: str) -> None:
    """Say what a scenario does, what must hold, and what proves it."""
    commands.explain(scenario, Console())


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
    signal.signal(signal.SIGTERM, _terminated)
    sys.exit(_guarded())


def _terminated(_number: int, _frame: FrameType | None) -> None:
    raise InterruptError("stopped by SIGTERM")


def _guarded() -> int:
    err = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    try:
        code = app(standalone_mode=False)
    except click.ClickException as error:
        err.print(f"error: {error.format_message()}")
        return UsageError.exit_code
    except BlackstartError as error:
        err.print(f"error: {error}")
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        err.print("interrupted; everything was torn down")
        return INTERRUPTED
    except Exception:  # noqa: BLE001 - the last line of defence says whose fault it is
        err.print(traceback.format_exc())
        err.print("this is a defect of Blackstart, not of your service; nothing was concluded")
        return DEFECT
    return int(code or 0)
