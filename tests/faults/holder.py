"""Holds a condition of the catalogue on members that are lent, until it is killed."""

import json
import sys

from blackstart.faults.catalogue import make
from blackstart.faults.conformance import hold
from blackstart.model.faults import Condition
from blackstart.stacks.lent import lent

LEASE_S = 0.5

if __name__ == "__main__":
    loan, fault, text = sys.argv[1:]
    settings = json.loads(text)
    condition = make(fault, settings.pop("member"), settings)
    assert isinstance(condition, Condition)
    hold(condition, lent(loan, lease_s=LEASE_S))
