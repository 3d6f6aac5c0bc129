"""How figures are written: the same words on the terminal, in pictures, pages and Allure."""

from blackstart.model.findings import FindingCode
from blackstart.model.result import DrillResult

NOTHING = "–"


def plain_s(value_s: float) -> str:
    """A number of seconds without its unit: ``0.42``, ``3.42``, ``15.4``, ``144``."""
    if abs(value_s) < 10:
        return f"{value_s:.2f}"
    return f"{value_s:.1f}" if abs(value_s) < 100 else f"{value_s:.0f}"


def measured_text(value_s: float | None) -> str:
    """A measured duration: ``3.42 s``, ``15.4 s``, ``2 min 05 s``, ``1 h 52 min``."""
    if value_s is None:
        return NOTHING
    return f"{plain_s(value_s)} s" if value_s < 120 else _long(value_s)


def objective_text(value_s: float | None) -> str:
    """An objective without idle digits: ``0 s``, ``0.5 s``, ``30 s``, ``15 min``, ``4 h``."""
    if value_s is None:
        return NOTHING
    if value_s >= 120:
        return _long(value_s).replace(" 00 min", "").replace(" 00 s", "")
    return f"{value_s:g} s"


def resolution_text(value_s: float | None) -> str:
    """``± 0.02`` (to two significant digits), or nothing if unknown."""
    return "" if value_s is None else f"± {_digits(value_s)}"


def margin_text(margin_s: float | None) -> str:
    """``+4.6 s`` left, with a minus if over, or nothing."""
    if margin_s is None:
        return ""
    sign = "+" if margin_s >= 0 else "−"
    return f"{sign}{measured_text(abs(margin_s))}"


def no_outage(result: DrillResult) -> bool:
    """Whether every answer stayed good: perfect fallback."""
    return result.recovery_s == 0


def not_recovered(result: DrillResult) -> bool:
    """Whether good answers never came back for good."""
    return any(f.code is FindingCode.NOT_RECOVERED for f in result.findings)


def recovery_text(result: DrillResult) -> str:
    """``3.42 s ± 0.02``, ``no outage seen (< 0.02 s)``, ``not recovered`` or a dash."""
    if not_recovered(result):
        return "not recovered"
    if no_outage(result):
        return f"no outage seen{_below(result.recovery_resolution_s)}"
    if result.recovery_s is None:
        return NOTHING
    resolution = resolution_text(result.recovery_resolution_s)
    return f"{measured_text(result.recovery_s)} {resolution}".strip()


def loss_text(result: DrillResult) -> str:
    """``0 of 300``, ``31 of 1,204 (2.30 s)``, or a dash where no loss could be measured."""
    if result.lost_writes is None:
        return NOTHING
    rows = f"{result.lost_writes:,} of {result.acked:,}"
    return f"{rows} ({measured_text(result.loss_s)})" if result.lost_writes else rows


def _below(resolution_s: float | None) -> str:
    return "" if resolution_s is None else f" (< {_digits(resolution_s)} s)"


def _digits(value_s: float) -> str:
    return f"{value_s:.2g}" if value_s < 10 else f"{value_s:.0f}"


def _long(value_s: float) -> str:
    whole_s = round(value_s)
    if whole_s < 3600:
        return f"{whole_s // 60} min {whole_s % 60:02d} s"
    return f"{whole_s // 3600} h {whole_s % 3600 // 60:02d} min"
