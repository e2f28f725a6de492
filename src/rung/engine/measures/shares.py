"""How far a share may lie from what was seen of it: honest for few, and never outside 0 to 1.

    (y + z^2 / 2n  +-  z sqrt(y (1 - y) / n + z^2 / 4n^2)) / (1 + z^2 / n)

Wilson 1927, doi:10.1080/01621459.1927.10502953. z = 1.28 holds the share with a chance of 80 %.
"""

from __future__ import annotations

from math import sqrt

from rung.errors import InvalidInput

__all__ = ["share_interval"]

_Z = 1.2815515655446004


def share_interval(share: float, count: int, z: float = _Z) -> tuple[float, float]:
    """Low and high end of where a share lies that was seen in so many; partial successes count in part.

    >>> tuple(round(end, 2) for end in share_interval(0.75, 8))
    (0.52, 0.89)
    """
    if count < 1 or not 0.0 <= share <= 1.0:
        raise InvalidInput("A share lies between 0 and 1, and is of one thing at least")
    middle = share + z * z / (2 * count)
    reach = z * sqrt(share * (1.0 - share) / count + z * z / (4 * count * count))
    whole = 1.0 + z * z / count
    return max((middle - reach) / whole, 0.0), min((middle + reach) / whole, 1.0)
