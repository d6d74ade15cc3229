"""The contract: the documented Keras Model API as data."""

from .clause import CheckStatus, Clause, Level
from .contract import Contract, UnknownClause
from .contradiction import Contradiction, Reading
from .document import Document, Profile
from .error import SpecError
from .loader import contract, load, profiles
from .renaming import Renaming
from .touch import READS, Touch

__all__ = [
    "READS",
    "CheckStatus",
    "Clause",
    "Contract",
    "Contradiction",
    "Document",
    "Level",
    "Profile",
    "Reading",
    "Renaming",
    "SpecError",
    "Touch",
    "UnknownClause",
    "contract",
    "load",
    "profiles",
]
