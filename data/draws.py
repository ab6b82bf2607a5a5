"""Reproducible draws: the same on every machine and with every version of Python and of its libraries.

Only `random.Random.random` is used, the one generator whose sequence Python promises never to change; and
only products, exact sums and comparisons follow, so that no rounding of a library can tip a draw.
"""

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """A stream of draws from one seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def uniform(self) -> float:
        """Draw a number in [0, 1)."""
        return self._random.random()

    def chance(self, probability: float) -> bool:
        """Draw True with this probability."""
        return self.uniform() < probability

    def below(self, limit: int) -> int:
        """Draw an integer from 0 to `limit` - 1."""
        return int(self.uniform() * limit)

    def pick(self, choices: Sequence[T]) -> T:
        """Draw one of the choices, all equally likely."""
        return choices[self.below(len(choices))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """Draw one of the keys, each as likely as its weight."""
        target = self.uniform() * math.fsum(weights.values())
        for choice, weight in weights.items():
            target -= weight
            if target < 0:
                return choice
        return choice

    def sample(self, weights: Mapping[T, float], size: int) -> list[T]:
        """Draw `size` distinct keys one after the other, each time as likely as their weights."""
        left = dict(weights)
        drawn = []
        for _ in range(min(size, len(left))):
            choice = self.weighted(left)
            del left[choice]
            drawn.append(choice)
        return drawn

    def shuffled(self, items: Iterable[T]) -> list[T]:
        """Draw an order."""
        left = list(items)
        for last in range(len(left) - 1, 0, -1):
            other = self.below(last + 1)
            left[last], left[other] = left[other], left[last]
        return left

    def normal(self) -> float:
        """Draw from a law of mean 0 and variance 1, near the normal one (sum of twelve uniforms)."""
        return math.fsum(self.uniform() for _ in range(12)) - 6.0
