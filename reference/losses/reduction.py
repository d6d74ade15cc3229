"""The names of what becomes of the values of a batch."""

from typing import Final


class Reduction:
    """What the argument `reduction` of a loss may be."""

    SUM: Final = "sum"
    SUM_OVER_BATCH_SIZE: Final = "sum_over_batch_size"
    NONE: Final = "none"
