"""The losses that the contract's probes name."""

# ruff: noqa: F403 - all that a module defines
from fitspec.reference.losses.base import *
from fitspec.reference.losses.crossentropies import *
from fitspec.reference.losses.differences import *
from fitspec.reference.losses.named import *
