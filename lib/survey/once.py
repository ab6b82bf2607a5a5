"""Results that never change while an edition lives: computed once for each of them, forgotten with it.

For what every figure of every page begins with, and for the few fixed groups of portraits and comparisons; what depends
on the filters of a visitor is computed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from inspect import signature
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from lib.survey.edition import Edition

P = ParamSpec("P")
T = TypeVar("T")


def once_per_edition(function: Callable[Concatenate[Edition, P], T]) -> Callable[Concatenate[Edition, P], T]:
    """Return a function that keeps what `function` returns for an edition and each set of arguments.

    What it returns is shared, and must not be modified. With an argument that cannot be a key, such as a frame, it
    computes every time.
    """
    kept: WeakKeyDictionary[Edition, dict[Hashable, T]] = WeakKeyDictionary()
    called = signature(function)

    @wraps(function)
    def remembered(edition: Edition, /, *args: P.args, **kwargs: P.kwargs) -> T:
        # However they are written: a default is the same argument said or left out.
        bound = called.bind(edition, *args, **kwargs)
        bound.apply_defaults()
        key = (bound.args[1:], tuple(sorted(bound.kwargs.items())))
        try:
            hash(key)
        except TypeError:
            return function(edition, *args, **kwargs)
        results = kept.setdefault(edition, {})
        if key not in results:
            results[key] = function(edition, *args, **kwargs)
        return results[key]

    return remembered
