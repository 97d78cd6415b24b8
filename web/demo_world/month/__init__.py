"""A made-up month of the whole zone: what a station below the room did, case by case, thrown by dice with a seed.

Its figures are recounted by a program that shares nothing with this one; so it is told of any size and by any seed.
"""

from .company import month
from .dice import Size
from .station import STATION

__all__ = ["STATION", "Size", "month"]
