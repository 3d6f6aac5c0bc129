import pytest

from blackstart.model.verdict import Verdict, worst

HELD, BREACHED, INCONCLUSIVE = Verdict.HELD, Verdict.BREACHED, Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([], INCONCLUSIVE),
        ([HELD], HELD),
        ([HELD, INCONCLUSIVE], INCONCLUSIVE),
        ([INCONCLUSIVE, BREACHED, HELD], BREACHED),
    ],
)
def test_the_worst_wins_and_none_is_inconclusive(
    verdicts: list[Verdict], expected: Verdict
) -> None:
    assert worst(verdicts) is expected
