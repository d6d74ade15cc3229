"""What a clause knows from its id."""

from fitspec.spec import CheckStatus, Clause, Level

CLAUSE = Clause(
    id="fit_generator.use_multiprocessing.picklable",
    level=Level.SHOULD,
    profiles=("keras-2.3",),
    documents=("004",),
    statement="It raises.",
    observe="What is raised.",
)


def test_the_first_part_of_the_id_is_the_method() -> None:
    """The method is read from the id."""
    assert CLAUSE.method == "fit_generator"


def test_the_second_part_of_the_id_is_the_topic() -> None:
    """The topic is read from the id, without what is required."""
    assert CLAUSE.topic == "use_multiprocessing"


def test_a_clause_is_covered_unless_said_otherwise() -> None:
    """A clause that says nothing about its check has one."""
    assert CLAUSE.check is CheckStatus.PRESENT
