"""Cannot forget its models."""

from fitspec.adapters.reference.plain import Reference


class ResetFails(Reference):
    """The reference, but for `reset`."""

    def reset(self) -> None:
        """Fail."""
        raise RuntimeError("cannot forget")
