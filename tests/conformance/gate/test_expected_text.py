"""Tests of `fitspec.conformance.gate.expected_text`: how expectations are written down."""

from __future__ import annotations

from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from fitspec.conformance.gate.expected import EXPECTABLE, Entry, parse
from fitspec.conformance.gate.expected_source import ExpectedFile, cut
from fitspec.conformance.gate.expected_text import entry_text, file_text
from fitspec.conformance.report.verdicts import Verdict

ONE = Entry(("fit.epochs.default-1",), Verdict.FAIL, 'Says "ten".', of=("one", "two"))


def test_an_entry_has_its_keys_in_one_order() -> None:
    """What is not said is not written."""
    assert entry_text(ONE).splitlines() == [
        "[[expect]]",
        'clause = "fit.epochs.default-1"',
        'of = ["one", "two"]',
        'verdict = "fail"',
        r'reason = "Says \"ten\"."',
    ]


def test_a_long_list_has_a_line_for_each_name() -> None:
    """A short one stays on one line."""
    names = tuple(f"fit.some.clause-number-{number}" for number in range(4))

    assert entry_text(Entry(names[:2], Verdict.FAIL, "r")).splitlines()[1] == (
        'clauses = ["fit.some.clause-number-0", "fit.some.clause-number-1"]'
    )
    assert entry_text(Entry(names, Verdict.FAIL, "r")).splitlines()[1:4] == [
        "clauses = [",
        '    "fit.some.clause-number-0",',
        '    "fit.some.clause-number-1",',
    ]


def test_a_new_file_says_what_it_is() -> None:
    """A file that had comments on top keeps those instead."""
    new = file_text(ExpectedFile((), (), ()), [entry_text(ONE)])
    old = file_text(cut("# Mine.\n\n[[expect]]\n# last\n"), [entry_text(ONE)])

    assert new.startswith("# Verdicts that are known not to be a pass")
    assert old.startswith("# Mine.\n\n[[expect]]\n")
    assert old.endswith("\n\n# last\n")


WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Zl", "Zp", "Cc")) | st.just("\x7f"), min_size=1
).map(lambda text: f"<{text}>")
NAMES = st.lists(WORDS, min_size=1, max_size=5, unique=True).map(tuple)


@given(
    st.builds(
        Entry,
        clauses=NAMES,
        verdict=st.sampled_from(EXPECTABLE),
        reason=WORDS | st.just(""),
        of=NAMES | st.just(()),
        link=st.just("") | WORDS.map("https://{}".format),
        versions=st.sampled_from(["", "keras >= 3.0, < 3.5"]),
        expires=st.none() | st.dates(date(1000, 1, 1)),
        at_times=st.booleans(),
    )
)
@example(Entry(("a",), Verdict.FAIL, "\x7f # \\ '"))
def test_what_was_written_is_read_again(entry: Entry) -> None:
    """Whatever an entry holds, TOML gives it back."""
    (found,) = parse(entry_text(entry), "e.toml")

    assert found == entry
