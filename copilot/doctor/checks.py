"""What a check says."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass


class State(enum.StrEnum):
    """Whether something works, is not there, or is there and does not work."""

    OK = "ok"
    MISSING = "missing"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. ``needed``: the product cannot be used without; ``cost`` says what is lost while it is not ok."""

    name: str
    state: State
    detail: str = ""
    cost: str = ""
    cure: str = ""
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """All findings; usable when whatever is needed is ok."""

    usable: bool
    checks: tuple[Check, ...]

    @classmethod
    def of(cls, checks: Iterable[Check]) -> Report:
        """The report over these checks."""
        found = tuple(checks)
        return cls(all(check.state is State.OK for check in found if check.needed), found)
