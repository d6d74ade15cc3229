"""Who takes part in a contradiction."""

from fitspec.spec import Contradiction, Reading


def test_the_documents_of_all_readings_take_part() -> None:
    """The documents are those of the readings, each once and in their order."""
    contradiction = Contradiction(
        id="C1",
        title="How many epochs",
        readings=(
            Reading("Ten.", documents=("002", "004")),
            Reading("One.", documents=("001", "002")),
            Reading("None.", implementations=("Other",)),
        ),
        resolution="One.",
        reason="It is less.",
        clauses=("fit.epochs.default-1",),
    )

    assert contradiction.documents == ("001", "002", "004")
