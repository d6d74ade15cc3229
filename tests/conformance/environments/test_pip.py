"""What pip complains about."""

import pytest

from fitspec.conformance.environments.pip import complaint


@pytest.mark.parametrize(
    ("line", "requirement"),
    [
        ("ERROR: No matching distribution found for nosuch==1.0", "nosuch==1.0"),
        (
            "ERROR: Could not find a version that satisfies the requirement a>2 (from versions: 1)",
            "a>2",
        ),
        (
            "ERROR: Cannot install a==1 and b==2 because these versions are in conflict.",
            "a==1 and b==2",
        ),
        ("ERROR: Package 'a' requires a different Python: 3.7.16 not in '>=3.9'", "a"),
        ("ERROR: Failed building wheel for a", "a"),
        ("  ERROR: Failed building wheel for a", "a"),
        (
            "ERROR: Failed to build installable wheels for some pyproject.toml based projects (a)",
            "a",
        ),
        ("error: failed-wheel-build-for-install", None),
        ("ERROR: Could not install packages due to an OSError: No space left on device", None),
    ],
)
def test_the_requirement_that_pip_complains_about_is_found(
    line: str, requirement: str | None
) -> None:
    """The error line is the reason; the requirement in it is named where there is one."""
    reason = line.strip().split(": ", 1)[1]

    assert complaint(["Collecting a\n", f"{line}\n"]) == (reason, requirement)


def test_versions_passed_over_are_not_the_complaint() -> None:
    """Pip's list of versions for other Pythons hides no reason."""
    lines = [
        "ERROR: Ignored the following versions that require a different python version: 2 3\n",
        "ERROR: No matching distribution found for a==9\n",
    ]

    assert complaint(lines) == ("No matching distribution found for a==9", "a==9")


def test_without_an_error_line_the_last_lines_are_the_complaint() -> None:
    """What is not understood is shown, not hidden."""
    lines = [f"{number}\n" for number in range(9)]

    assert complaint(lines) == ("4\n5\n6\n7\n8", None)


def test_an_index_that_does_not_answer_is_said() -> None:
    """Without a network pip blames the requirement; the message says what happened before."""
    lines = [
        "WARNING: Retrying (Retry(total=4, connect=None)) after connection broken by 'x'\n",
        "ERROR: No matching distribution found for a==9\n",
    ]

    reason, _ = complaint(lines)

    assert reason.splitlines()[0] == "the package index did not answer"


def test_silence_is_said() -> None:
    """A command that failed without a word gets a complaint all the same."""
    assert complaint([]) == ("it printed nothing", None)


def test_requirements_that_exclude_each_other_are_told_with_the_reason() -> None:
    """Which two packages want what of a third is what a reader needs to know."""
    said = [
        "ERROR: Cannot install keras==2.2.0 and tensorflow==1.13.2 because these package versions",
        "",
        "The conflict is caused by:",
        "    keras 2.2.0 depends on keras-preprocessing==1.0.1",
        "    tensorflow 1.13.2 depends on keras-preprocessing>=1.0.5",
        "",
        "To fix this you could try to:",
        "ERROR: ResolutionImpossible",
    ]

    reason, requirement = complaint(said)

    assert requirement == "keras==2.2.0 and tensorflow==1.13.2"
    assert "keras 2.2.0 depends on keras-preprocessing==1.0.1\ntensorflow 1.13.2" in reason
    assert "To fix" not in reason


def test_an_error_that_pip_does_not_expect_is_told_by_its_last_line() -> None:
    """As where what builds a package is not there; what pip was at is what it fell over."""
    said = [
        "Collecting a==1",
        "Collecting b==1 (from -r hashes.txt (line 2))",
        "ERROR: Exception:",
        "Traceback (most recent call last):",
        "ModuleNotFoundError: No module named 'strange'",
        "",
    ]

    assert complaint(said) == ("ModuleNotFoundError: No module named 'strange'", "b==1")
