"""Signing keys: new tokens by the new key, the old key's honoured in grace and not after."""

from blackstart.measures.history import History, Mark, MarkKind
from blackstart.measures.strikes import StrikeSpan
from blackstart.model.findings import Finding, FindingCode

_REFUSED = (401, 403)


def check(history: History, span: StrikeSpan) -> list[Finding]:
    """The last token issued must carry the new key; replays must end as their time demands."""
    return [*_signed_with_new(history, span), *_replays(history)]


def _signed_with_new(history: History, span: StrikeSpan) -> list[Finding]:
    before = {m.data["kid"] for m in history.all(MarkKind.TOKEN) if m.at_ns < span.called_ns}
    last = history.last(MarkKind.TOKEN)
    if last is None or last.data["kid"] not in before:
        return []
    detail = f"the newest token was signed with {last.data['kid']}, a key from before the rotation"
    return [Finding(code=FindingCode.KEY_NOT_ROTATED, detail=detail)]


def _replays(history: History) -> list[Finding]:
    found = []
    for mark in history.all(MarkKind.REPLAYED):
        old, grace = bool(mark.data["oldest"]), mark.data["grace"]
        refused = mark.data["status"] in _REFUSED
        if old and grace == "over" and not refused:
            found.append(_finding(FindingCode.OLD_KEY_ACCEPTED, mark))
        elif old and grace == "lasts" and refused:
            found.append(_finding(FindingCode.FORCED_LOGOUT, mark))
    return found


def _finding(code: FindingCode, mark: Mark) -> Finding:
    data = mark.data
    left = data["expires_in_s"]
    valid = f", {left:.0f} s from its expiry" if isinstance(left, float) else ""
    detail = (
        f"token of key {data['kid']}{valid}: status {data['status']} on instance "
        f"{data['instance']} while grace {'was over' if data['grace'] == 'over' else 'lasted'}"
    )
    return Finding(code=code, detail=detail)


def uncontrolled(history: History) -> str | None:
    """Why the replays prove nothing: a refusal counts only beside its control.

    The newest key's token must be accepted at the same moment by the same instance, and the old one
    must not have expired by itself.
    """
    for mark in history.all(MarkKind.REPLAYED):
        data = mark.data
        if not data["oldest"] and data["status"] != 200:
            return f"control failed: a token of the newest key got status {data['status']}"
        left = data["expires_in_s"]
        if data["oldest"] and isinstance(left, float) and left <= 0:
            return "the old key's token had expired by itself, so its refusal proves nothing"
    kinds = {(m.data["oldest"], m.data["grace"]) for m in history.all(MarkKind.REPLAYED)}
    if {(True, "lasts"), (True, "over"), (False, "over")} - kinds:
        return "the old and the new key's tokens were not presented in and after the grace"
    return None
