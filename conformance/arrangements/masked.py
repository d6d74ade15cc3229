"""Steps that a mask hides, with targets that tell whether they count all the same."""

from __future__ import annotations

import numpy as np

#: Inputs for `masked_steps`, which hides one step of the first sample and two of the second.
X = np.asarray([[1, 1, 0], [1, 0, 0]], np.float32)[..., None]
#: Targets: with a weight of 3 the errors are 3 and 2, and 1; where a step is hidden -5.
Y = np.asarray([[0, 1, 5], [2, 5, 5]], np.float32)[..., None]
