"""Loading a contract from a folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fitspec.spec import (
    CheckStatus,
    Clause,
    Contradiction,
    Document,
    Level,
    Profile,
    Reading,
    Renaming,
    SpecError,
    contract,
    load,
    profiles,
)

Write = Callable[..., Path]


def test_clauses_are_loaded(write: Write) -> None:
    """Each table becomes a clause with everything that it says."""
    loaded = load(write())

    assert list(loaded.clauses.values()) == [
        Clause(
            id="fit.epochs.default-1",
            level=Level.MUST,
            profiles=("keras",),
            documents=("004",),
            statement="`fit` trains for one epoch.",
            observe="The epochs in History.",
        ),
        Clause(
            id="fit.raises.not-compiled-RuntimeError",
            level=Level.OBSERVED,
            profiles=("keras",),
            documents=(),
            statement="`fit` raises.",
            observe="What is raised.",
            check=CheckStatus.PENDING,
            depends=("fit.epochs.default-1",),
            reason="Nobody says so.",
        ),
    ]


def test_everything_behind_the_clauses_is_loaded(write: Write) -> None:
    """Documents, profiles, contradictions and renamings come with the clauses."""
    loaded = load(write())

    assert loaded.documents == {"004": Document("004", "A text", "Keras", "English", ("fit",))}
    assert loaded.profiles == {"keras": Profile("keras", "Keras", "Python", ("004",))}
    assert loaded.contradictions == {
        "C1": Contradiction(
            "C1",
            "How many epochs",
            (Reading("One.", documents=("004",)), Reading("Ten.", implementations=("Other",))),
            "One.",
            "It is less.",
            ("fit.epochs.default-1",),
        )
    }
    assert loaded.renamings == {
        "fit.epochs.one": Renaming("fit.epochs.one", ("fit.epochs.default-1",), "It says more.")
    }


def test_methods_come_in_the_order_of_the_contract(write: Write) -> None:
    """The files of methods are read in one order, whatever the folder lists first."""
    other = """
[[clause]]
id = "compile.loss.string"
level = "must"
profiles = ["keras"]
documents = ["004"]
statement = "It takes a name."
observe = "The loss."
"""

    loaded = load(write(compile=other))

    assert loaded.methods == ("compile", "fit")


@pytest.mark.parametrize("name", ["documents", "profiles", "contradictions", "renamed"])
def test_a_missing_file_is_refused(write: Write, name: str) -> None:
    """Each file that is not about a method has to be there."""
    folder = write()
    (folder / f"{name}.toml").unlink()

    with pytest.raises(SpecError, match=rf"^{name}\.toml: the file is missing$"):
        load(folder)


def test_a_missing_file_of_a_documented_method_is_refused(write: Write) -> None:
    """A method that a document covers has to have its clauses."""
    folder = write(renamed="", contradictions="")
    (folder / "clauses" / "fit.toml").unlink()

    with pytest.raises(SpecError, match=r"'covers': expected a known name, got 'fit'$"):
        load(folder)


def test_an_unknown_file_is_refused(write: Write) -> None:
    """A file that would be passed over is refused, since its name may be a slip."""
    folder = write(fitt="")

    with pytest.raises(
        SpecError, match=r"^clauses/fitt\.toml: unknown file, expected one of .*clauses/fit\.toml"
    ):
        load(folder)


def test_an_id_is_used_once(write: Write) -> None:
    """Two clauses of the same id are refused."""
    folder = write()
    text = (folder / "clauses" / "fit.toml").read_text(encoding="utf-8")
    (folder / "clauses" / "fit.toml").write_text(text + text, encoding="utf-8")

    with pytest.raises(SpecError, match=r"clause 'fit\.epochs\.default-1': 'id': .*no other rec"):
        load(folder)


def test_a_former_id_is_traced_once(write: Write) -> None:
    """Two renamings of the same old id are refused."""
    folder = write()
    text = (folder / "renamed.toml").read_text(encoding="utf-8")
    (folder / "renamed.toml").write_text(text + text, encoding="utf-8")

    with pytest.raises(SpecError, match=r"renamed 'fit\.epochs\.one': 'old': .*no other record"):
        load(folder)


def test_what_is_loaded_cannot_be_changed(write: Write) -> None:
    """The clauses by id cannot be written to."""
    loaded = load(write())

    with pytest.raises(TypeError):
        loaded.clauses["fit.epochs.default-1"] = None  # type: ignore[index] # the very thing refused


def test_the_packaged_contract_is_loaded_once() -> None:
    """Whoever asks for the packaged contract gets the same object."""
    assert contract() is contract()


def test_profiles_can_be_had_without_the_clauses() -> None:
    """They are those of the whole contract, in the same order."""
    assert [*profiles().items()] == [*contract().profiles.items()]
