"""Records that break a rule of their own kind."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fitspec.spec import SpecError, load

Spoil = Callable[[str, str, str], Path]


@pytest.mark.parametrize(
    "bad",
    [
        "fit",
        "fit.Epochs.default-1",
        "fit.epochs..default-1",
        "fit.epochs.default 1",
        "Fit.epochs.default-1",
        "fit.epochs.",
    ],
)
def test_an_id_has_lower_case_parts(spoil: Spoil, bad: str) -> None:
    """Ids are parts joined by full stops, capitals in the last one only."""
    folder = spoil("fit", 'id = "fit.epochs.default-1"', f'id = "{bad}"')

    with pytest.raises(
        SpecError, match=r"^clauses/fit\.toml, clause .*'id': expected lower-case parts"
    ):
        load(folder)


def test_an_id_starts_with_the_method_of_its_file(spoil: Spoil) -> None:
    """A clause of one method does not stand in the file of another."""
    folder = spoil("fit", "fit.epochs.default-1", "fit_generator.epochs.default-1")

    with pytest.raises(
        SpecError, match=r"^clauses/fit\.toml, .*'id': .*starts with 'fit\.'.*got 'fit_gen"
    ):
        load(folder)


def test_an_unknown_level_is_refused(spoil: Spoil) -> None:
    """A level is one of three words."""
    folder = spoil("fit", '"must"', '"shall"')

    with pytest.raises(
        SpecError,
        match=r"^clauses/fit\.toml, clause 'fit\.epochs\.default-1': 'level': .*must.*got 'shall'$",
    ):
        load(folder)


def test_a_statement_is_one_sentence(spoil: Spoil) -> None:
    """A fragment is refused with what it lacks."""
    folder = spoil("fit", "`fit` trains for one epoch.", "one epoch")

    with pytest.raises(SpecError, match=r"'statement': .*starts without a capital.*'one epoch'$"):
        load(folder)


def test_a_clause_without_profile_is_refused(spoil: Spoil) -> None:
    """Somebody has to promise a clause."""
    folder = spoil("fit", 'profiles = ["keras"]', "profiles = []")

    with pytest.raises(SpecError, match=r"'profiles': expected at least one profile, got \[\]$"):
        load(folder)


def test_a_judged_clause_without_document_needs_a_reason(spoil: Spoil) -> None:
    """A `must` that no document states has to say where it comes from."""
    folder = spoil("fit", 'documents = ["004"]', "documents = []")

    with pytest.raises(SpecError, match=r"'documents': expected a document, or a reason"):
        load(folder)


def test_an_unobservable_clause_needs_a_reason(spoil: Spoil) -> None:
    """That no check can see a clause has to be explained."""
    folder = spoil("fit", 'level = "must"', 'level = "must"\ncheck = "unobservable"')

    with pytest.raises(SpecError, match=r"default-1': 'check': expected a reason beside it"):
        load(folder)


def test_what_realises_a_clause_is_a_text(spoil: Spoil) -> None:
    """Where no line of the reference is a clause's own, its record says why, or nothing."""
    folder = spoil("fit", 'level = "must"', 'level = "must"\nrealised = "By the default."')

    assert load(folder).clause("fit.epochs.default-1").realised == "By the default."
    assert load(folder).clause("fit.raises.not-compiled-RuntimeError").realised is None

    folder = spoil("fit", 'level = "must"', 'level = "must"\nrealised = ""')

    with pytest.raises(SpecError, match=r"default-1': 'realised': expected a text .*got ''$"):
        load(folder)


def test_a_check_that_exists_is_not_announced(spoil: Spoil) -> None:
    """The key is for clauses without a check."""
    folder = spoil("fit", '"pending"', '"present"')

    with pytest.raises(SpecError, match=r"'check': expected one of pending, unobservable, got"):
        load(folder)


def test_a_contradiction_is_numbered(spoil: Spoil) -> None:
    """The id of a contradiction is C and a number."""
    folder = spoil("contradictions", '"C1"', '"1"')

    with pytest.raises(SpecError, match=r"^contradictions\.toml, contradiction '1': 'id': .*got"):
        load(folder)


def test_a_reading_belongs_to_somebody(spoil: Spoil) -> None:
    """A reading names the documents or the implementations that have it."""
    folder = spoil("contradictions", 'implementations = ["Other"]', "")

    with pytest.raises(SpecError, match=r"contradiction 'C1', reading 2: 'says': expected doc"):
        load(folder)


def test_an_unknown_key_of_a_reading_is_refused(spoil: Spoil) -> None:
    """Nested records are read as strictly as others."""
    folder = spoil("contradictions", 'implementations = ["Other"]', 'who = "Other"')

    with pytest.raises(SpecError, match=r"'C1', reading 2: unknown key 'who', expected keys among"):
        load(folder)
