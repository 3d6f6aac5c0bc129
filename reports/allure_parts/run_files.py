"""The files of a run beside its results: environment, categories, configuration for Allure 3."""

import json

from blackstart.model.result import RunResult
from blackstart.reports.allure_parts.categories import categories
from blackstart.reports.allure_parts.metrics import metric_rules, metrics_config


def run_files(result: RunResult) -> dict[str, bytes]:
    """By name. None of them names the machine: results may come together from several."""
    return {
        "environment.properties": environment(result).encode(),
        "categories.json": _json(categories()),
        "allurerc.json": _json(allurerc(result)),
    }


def environment(result: RunResult) -> str:
    """What was drilled, as Java properties."""
    facts = {
        "target": result.target,
        "target commit": result.target_commit or "unknown",
        "stack": result.stack,
        "seed": str(result.seed),
        "blackstart": result.tool_version,
        "configuration": result.config_sha256,
        "started at": result.started_at.isoformat(),
    }
    return "".join(
        f"{_escaped(name, ' :=')}={_escaped(value, '')}\n" for name, value in facts.items()
    )


def allurerc(result: RunResult) -> dict[str, object]:
    """Configuration that ``allure generate -c`` reads: metrics, categories, tree, gate."""
    return {
        "name": f"Blackstart: {result.target}",
        "historyPath": "./allure-history.jsonl",
        "plugins": {"awesome": {"options": {"groupBy": ["epic", "feature", "story"]}}},
        "performance": metrics_config(result),
        "categories": {"rules": categories()},
        "qualityGate": {"rules": [{"id": "all-held", "maxFailures": 0}, *metric_rules(result)]},
    }


def _escaped(text: str, special: str) -> str:
    """Backslashes, line ends and, in names, separators; other than ASCII as ``\\uXXXX``."""
    text = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    for sign in special:
        text = text.replace(sign, "\\" + sign)
    units = text.encode("utf-16-be")
    codes = (int.from_bytes(units[i : i + 2], "big") for i in range(0, len(units), 2))
    return "".join(chr(code) if 32 <= code < 127 else f"\\u{code:04x}" for code in codes)


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
