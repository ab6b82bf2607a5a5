"""What was drawn lately, kept by what it was made of: visitors of one room look at the same few figures.

Frames are compared by what they hold, so that nothing has to say whether they changed.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from functools import partial, wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

import pandas as pd

P = ParamSpec("P")
T = TypeVar("T")

LAST = 1000
"""Results kept, of all functions together: some thirty megabytes (28 kB each, measured)."""


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """Return a function that keeps what `function` returned for the arguments last given.

    Arguments are frames, mappings, lists, functions with some of their arguments (`partial`), or values that can be
    keys; with anything else, it is drawn every time. What is returned is shared, and must not be modified.
    """

    @wraps(function)
    def looked_up(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            key = function, content(args), content(kwargs)
        except TypeError:
            return function(*args, **kwargs)
        with _LOCK:
            if key in _KEPT:
                _KEPT.move_to_end(key)
                return _KEPT[key]
        result = function(*args, **kwargs)
        with _LOCK:
            _KEPT[key] = result
            if len(_KEPT) > LAST:
                _KEPT.popitem(last=False)
        return result

    return looked_up


def forget() -> None:
    """Forget all that was drawn."""
    with _LOCK:
        _KEPT.clear()


_LOCK = Lock()
_KEPT: OrderedDict[Hashable, Any] = OrderedDict()


def content(value: Any) -> Hashable:
    """Return a key that two values share when they hold the same; TypeError when nothing tells it."""
    if isinstance(value, pd.DataFrame):
        return _names(value.index), *((name, _cells(column)) for name, column in value.items())
    if isinstance(value, pd.Series):
        return _names(value.index), value.name, _cells(value)
    if isinstance(value, partial):
        return value.func, content(value.args), content(value.keywords)
    if isinstance(value, Mapping):
        return tuple((name, content(held)) for name, held in value.items())
    if isinstance(value, list | tuple):
        return tuple(content(held) for held in value)
    hash(value)
    return value


def _names(index: pd.Index) -> Hashable:
    if isinstance(index, pd.RangeIndex):
        return index.name, index.start, index.stop, index.step
    return tuple(index.names), tuple(index.tolist())


def _cells(column: pd.Series) -> Hashable:
    kind = column.dtype
    # Missing numbers are alike by their bytes, and not by their values.
    if kind.kind in "bifu":
        return kind, column.to_numpy().tobytes()
    return kind, tuple(None if cell is pd.NA or cell != cell else content(cell) for cell in column.tolist())
