"""The error of a contract whose data are wrong."""


class SpecError(ValueError):
    """The data of a contract break a rule.

    The message says where, what came and what was expected.
    """
