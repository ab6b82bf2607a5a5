"""Results that never change while an edition lives: computed once for each of them, forgotten with it.

What every figure of every page begins with, and the few fixed groups of portraits and comparisons, are kept as long as
the edition; what depends on the filters of visitors, as long as it is among the last that were asked for.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from inspect import signature
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from lib.survey.edition import Edition

P = ParamSpec("P")
T = TypeVar("T")

LAST = 1500
"""Results kept for one edition, of the selections last asked for: some twenty megabytes (13 kB each, measured)."""


def once_per_edition(function: Callable[Concatenate[Edition, P], T]) -> Callable[Concatenate[Edition, P], T]:
    """Return a function that keeps what `function` returns for an edition and each set of arguments.

    What it returns is shared, and must not be modified. With an argument that cannot be a key, such as a frame, it
    computes every time.
    """
    kept: WeakKeyDictionary[Edition, dict[Hashable, T]] = WeakKeyDictionary()
    keyed = _keys(function)

    @wraps(function)
    def remembered(edition: Edition, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key = keyed(edition, args, kwargs)
        if key is None:
            return function(edition, *args, **kwargs)
        results = kept.setdefault(edition, {})
        if key not in results:
            results[key] = function(edition, *args, **kwargs)
        return results[key]

    return remembered


def lately(function: Callable[Concatenate[Edition, P], T]) -> Callable[Concatenate[Edition, P], T]:
    """Return a function that keeps what `function` returned for an edition and the arguments last asked for.

    As `once_per_edition`, but bounded: what no visitor has asked for since `LAST` other results, of this function or
    of another one, is computed anew. Visitors of one room look at the same few selections.
    """
    keyed = _keys(function)

    @wraps(function)
    def remembered(edition: Edition, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key = keyed(edition, args, kwargs)
        if key is None:
            return function(edition, *args, **kwargs)
        with _LOCK:
            results = _LATELY.setdefault(edition, OrderedDict())
            asked = function, key
            if asked in results:
                results.move_to_end(asked)
                return results[asked]
        # Not under the lock: two visitors may compute the same, and none waits for another.
        result = function(edition, *args, **kwargs)
        with _LOCK:
            results[asked] = result
            if len(results) > LAST:
                results.popitem(last=False)
        return result

    return remembered


def forget() -> None:
    """Forget what depends on selections, as if nobody had asked for any."""
    with _LOCK:
        _LATELY.clear()


_LOCK = Lock()
_LATELY: WeakKeyDictionary[Edition, OrderedDict[Hashable, Any]] = WeakKeyDictionary()


def _keys(function: Callable[..., T]) -> Callable[[Edition, tuple[Any, ...], dict[str, Any]], Hashable | None]:
    """Return what gives the key of a call: its arguments but the edition, None where one cannot be a key."""
    called = signature(function)

    def key(edition: Edition, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Hashable | None:
        # However they are written: a default is the same argument said or left out.
        bound = called.bind(edition, *args, **kwargs)
        bound.apply_defaults()
        found = (bound.args[1:], tuple(sorted(bound.kwargs.items())))
        try:
            hash(found)
        except TypeError:
            return None
        return found

    return key
