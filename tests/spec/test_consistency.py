"""Records that do not fit together."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fitspec.spec import SpecError, load

Spoil = Callable[[str, str, str], Path]


@pytest.mark.parametrize(
    ("file", "good", "bad", "message"),
    [
        (
            "documents",
            'covers = ["fit"]',
            'covers = ["fit", "predict"]',
            r"^documents\.toml, document '004': 'covers': .* fit, got 'predict'$",
        ),
        (
            "profiles",
            'documents = ["004"]',
            'documents = ["005"]',
            r"^profiles\.toml, profile 'keras': 'documents': .* 004, got '005'$",
        ),
        (
            "fit",
            'profiles = ["keras"]',
            'profiles = ["keras-9"]',
            r"^clauses/fit\.toml, clause 'fit\.epochs.*': 'profiles': .* keras, got 'keras-9'$",
        ),
        (
            "fit",
            'documents = ["004"]',
            'documents = ["005"]',
            r"^clauses/fit\.toml, clause 'fit\.epochs.*': 'documents': .* 004, got '005'$",
        ),
        (
            "fit",
            'depends = ["fit.epochs.default-1"]',
            'depends = ["fit.epochs.two"]',
            r"^clauses/fit\.toml, clause 'fit\.raises.*': 'depends': .* got 'fit\.epochs\.two'$",
        ),
        (
            "contradictions",
            'clauses = ["fit.epochs.default-1"]',
            'clauses = ["fit.epochs.two"]',
            r"^contradictions\.toml, contradiction 'C1': 'clauses': .* got 'fit\.epochs\.two'$",
        ),
        (
            "contradictions",
            'documents = ["004"]',
            'documents = ["005"]',
            r"^contradictions\.toml, contradiction 'C1': 'documents': .* got '005'$",
        ),
        (
            "renamed",
            'new = ["fit.epochs.default-1"]',
            'new = ["fit.epochs.two"]',
            r"^renamed\.toml, renamed 'fit\.epochs\.one': 'new': .* got 'fit\.epochs\.two'$",
        ),
        (
            "renamed",
            'old = "fit.epochs.one"',
            'old = "fit.epochs.default-1"',
            r"^renamed\.toml, renamed 'fit\.epochs\.default-1': 'old': .* no longer used",
        ),
    ],
)
def test_a_name_without_its_record_is_refused(
    spoil: Spoil, file: str, good: str, bad: str, message: str
) -> None:
    """Whatever one record names has to exist, and a former id must not."""
    folder = spoil(file, good, bad)

    with pytest.raises(SpecError, match=message):
        load(folder)


def test_clauses_do_not_depend_in_a_circle(spoil: Spoil) -> None:
    """Two clauses that need each other are refused with the way round."""
    back = 'depends = ["fit.raises.not-compiled-RuntimeError"]'
    folder = spoil("fit", 'level = "must"', f'level = "must"\n{back}')

    with pytest.raises(
        SpecError,
        match=r"^clauses/fit\.toml, clause '(\S+)': 'depends': expected no circle, got \1 -> .*\1$",
    ):
        load(folder)


def test_a_clause_does_not_depend_on_itself(spoil: Spoil) -> None:
    """The shortest circle is refused too."""
    folder = spoil("fit", 'level = "must"', 'level = "must"\ndepends = ["fit.epochs.default-1"]')

    with pytest.raises(SpecError, match=r"got fit\.epochs\.default-1 -> fit\.epochs\.default-1$"):
        load(folder)


def test_an_unknown_name_among_many_gets_the_nearest(write: Callable[..., Path]) -> None:
    """With too many names to list, a fault shows those that can be meant."""
    clauses = "".join(
        f'[[clause]]\nid = "fit.{topic}"\nlevel = "must"\nprofiles = ["keras"]\n'
        'documents = ["004"]\nstatement = "It is."\nobserve = "It."\n'
        for topic in [*(f"{letter * 8}.x" for letter in "abcdefghijklmnopqrstu"), "shuffle.default"]
    )
    folder = write(fit=clauses + 'depends = ["fit.shuffel.default"]\n')

    with pytest.raises(SpecError, match=r"a known name such as fit\.shuffle\.default, got"):
        load(folder)
