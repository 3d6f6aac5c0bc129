"""The evidence as files: a table short enough to be shown, and everything, packed."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from blackstart.measures.history import (
    ENDINGS,
    OUTCOMES,
    History,
    Probes,
    latency_s,
    lateness_s,
    outcome_is,
)
from blackstart.measures.layout import Failure
from blackstart.model.clock import seconds
from blackstart.model.outcome import Outcome

ROWS_MAX = 200
_FAILURES_MAX = 150  # leaves room for what good answers looked like
_COLUMNS = (
    "at_s", "role", "instance", "outcome", "ending", "failure", "status",
    "latency_ms", "late_ms", "seq", "age_s",
)  # fmt: skip


def evidence_csv(history: History) -> bytes:
    """At most 200 probes: failures first, evenly thinned, then the others likewise."""
    failed = outcome_is(history.probes, (Outcome.ERROR, Outcome.TIMEOUT))
    bad = _evenly(np.flatnonzero(failed), _FAILURES_MAX)
    fine = _evenly(np.flatnonzero(~failed), ROWS_MAX - len(bad))
    return _table(history, history.probes[np.r_[bad, fine]])


def raw_zip(history: History) -> bytes:
    """Every probe and every sample, as CSV in a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        # Fixed stamps: the same history gives the same bytes.
        archive.writestr(_member("probes.csv"), _table(history, history.probes))
        archive.writestr(_member("samples.csv"), _samples(history))
    return packed.getvalue()


def marks_json(history: History) -> bytes:
    """Every mark, in seconds from the drill's start."""
    marks = [
        {
            "at_s": round(seconds(history.start_ns, mark.at_ns), 6),
            "kind": mark.kind.value,
            "text": mark.text,
            "data": mark.data,
        }
        for mark in history.marks
    ]
    return json.dumps(marks, indent=1, ensure_ascii=False, default=str).encode()


def _evenly(indices: NDArray[np.intp], at_most: int) -> NDArray[np.intp]:
    if len(indices) <= at_most:
        return indices
    return indices[np.linspace(0, len(indices) - 1, at_most).astype(np.intp)]


def _table(history: History, probes: Probes) -> bytes:
    return _csv(_COLUMNS, _rows(history, probes))


def _rows(history: History, probes: Probes) -> Iterator[tuple[object, ...]]:
    """A column at a time: a hundred thousand probes must not take a minute."""
    at_s = (probes["scheduled_ns"] - history.start_ns) / 1e9
    endings = ["" if e is None else e.value for e in ENDINGS]
    failures = {f.value: f.name.lower() for f in Failure}
    columns = (
        np.round(at_s, 6).tolist(),
        [history.roles[i] for i in probes["role"].tolist()],
        probes["instance"].tolist(),
        [OUTCOMES[i].value for i in probes["outcome"].tolist()],
        [endings[i] for i in probes["ending"].tolist()],
        [failures.get(i, i) for i in probes["failure"].tolist()],
        probes["status"].tolist(),
        np.round(latency_s(probes) * 1e3, 3).tolist(),
        np.round(lateness_s(probes) * 1e3, 3).tolist(),
        probes["seq"].tolist(),
        np.round(probes["age_s"].astype(np.float64), 3).tolist(),
    )
    return zip(*columns, strict=True)


def _samples(history: History) -> bytes:
    rows = (
        (name, round(seconds(history.start_ns, at_ns), 6), value)
        for name, series in history.samples.items()
        for at_ns, value in zip(series.at_ns.tolist(), series.value.tolist(), strict=True)
    )
    return _csv(("name", "at_s", "value"), rows)


def _csv(header: Iterable[str], rows: Iterable[tuple[object, ...]]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return written.getvalue().encode()


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    member.compress_type = zipfile.ZIP_DEFLATED
    return member
