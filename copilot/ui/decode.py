"""Answers back from their JSON, so that a kept turn is drawn by the same code as a fresh one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import functools
import types
import typing
from collections.abc import Mapping
from typing import Any, get_args, get_origin, get_type_hints

from copilot.types import Answer


def answer_from_json(value: Mapping[str, Any]) -> Answer | None:
    """The answer, or None where the JSON is empty or of another version."""
    if not value:
        return None
    try:
        made = _decode(Answer, value)
    except (KeyError, TypeError, ValueError):
        return None
    return typing.cast(Answer, made)


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _decode(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        return None if value is None else _decode(next(arg for arg in get_args(kind) if arg is not type(None)), value)
    if origin is tuple:
        return _decode_tuple(get_args(kind), value)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _decode(get_args(kind)[1], item) for key, item in value.items()}
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = _hints(kind)
        known = {field.name for field in dataclasses.fields(kind)}
        return kind(**{name: _decode(hints[name], item) for name, item in value.items() if name in known})
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return kind(value)
    if kind is dt.date:
        return dt.date.fromisoformat(value)
    return value


def _decode_tuple(kinds: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_decode(kinds[0], item) for item in value)
    return tuple(_decode(kind, item) for kind, item in zip(kinds, value, strict=True))
