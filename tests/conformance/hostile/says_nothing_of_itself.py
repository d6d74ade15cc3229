"""Does not say which versions it drives."""

from __future__ import annotations

from fitspec.adapters.reference.plain import Reference


class SaysNothing(Reference):
    """The reference, but for `versions`."""

    def versions(self) -> dict[str, str]:
        """Fail, as an adapter does that forgot to say."""
        raise NotImplementedError
