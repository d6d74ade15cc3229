"""Tests of `fitspec.conformance.gate.updating`: a file becomes what a report shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from fitspec.conformance.gate.expected import Entry, parse
from fitspec.conformance.gate.expected_source import cut
from fitspec.conformance.gate.expected_text import entry_text
from fitspec.conformance.gate.gating import judge
from fitspec.conformance.gate.problems import ProblemKind
from fitspec.conformance.gate.updating import Update, update
from fitspec.conformance.report.verdicts import Finding, Verdict

from .. import hand_made
from ..hand_made import GONE, OTHER, SUBJECT, found, outlined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.report.report import Report

FIRST, SECOND, THIRD = "fit.epochs.default-1", "fit.epochs.final-epoch", "predict.order"
TODAY = date(2026, 11, 21)


def both(clause: str, verdict: Verdict, second: Verdict | None = None) -> list[Finding]:
    """Return findings on both implementations, alike unless told otherwise."""
    other = found(clause, second or verdict, implementation=OTHER.name)
    return [found(clause, verdict), other]


def report(*findings: Finding) -> Report:
    """Return a report of two implementations."""
    return hand_made.report(*findings, subjects=(SUBJECT, OTHER))


def updated(text: str, shown: Report, **options: object) -> Update:
    """Return what becomes of a file."""
    return update(shown, parse(text, "e.toml"), cut(text), **options)  # type: ignore[arg-type]


def body(changed: Update) -> str:
    """Return the text without what stands on top."""
    return changed.text.partition("\n\n")[2]


FALLEN = [*both(FIRST, Verdict.FAIL), *both(SECOND, Verdict.PASS), *both(THIRD, Verdict.PASS)]


def test_what_falls_short_gets_an_entry_that_asks_for_a_reason() -> None:
    """One entry for all implementations with the same verdict, in the order of the contract."""
    changed = updated(
        "", report(*both(SECOND, Verdict.FAIL, Verdict.ERROR), *both(FIRST, Verdict.FAIL))
    )

    assert body(changed) == (
        "[[expect]]\n"
        f'clause = "{FIRST}"\nof = ["keras-2.3", "reference"]\nverdict = "fail"\nreason = ""\n\n'
        "[[expect]]\n"
        f'clause = "{SECOND}"\nof = ["keras-2.3"]\nverdict = "error"\nreason = ""\n\n'
        "[[expect]]\n"
        f'clause = "{SECOND}"\nof = ["reference"]\nverdict = "fail"\nreason = ""\n'
    )
    assert [item.reason for item in changed.entries].count("") == 3
    assert changed.news == (
        f"{SECOND}: fail on reference; added",
        f"{SECOND}: error on keras-2.3; added",
        f"{FIRST}: fail on keras-2.3, reference; added",
    )


def test_clauses_that_lack_the_same_share_an_entry() -> None:
    """One missing argument often accounts for many clauses, and is explained once."""
    lacks = [
        found(clause, Verdict.ABSENT, observed=f"no argument `{what}`")
        for clause, what in ((THIRD, "workers"), (FIRST, "workers"), (SECOND, "epochs"))
    ]

    entries = updated("", hand_made.report(*lacks)).entries

    assert {item.clauses for item in entries} == {(SECOND,), (FIRST, THIRD)}


def test_what_is_absent_or_blocked_has_its_reason_already() -> None:
    """The adapter said why, or it is another clause; a person is asked for nothing."""
    reason = "no argument `loss for each output`: one criterion judges all outputs"
    asked: list[Entry] = []

    def ask(entry: Entry, _: Sequence[Finding]) -> str:
        asked.append(entry)
        return ""

    entries = updated(
        "",
        hand_made.report(
            found(FIRST, Verdict.ABSENT, observed=reason),
            found(SECOND, Verdict.BLOCKED, observed=f"{FIRST} fell"),
            found(THIRD, Verdict.ABSENT, observed=f"it says\nmuch {'x' * 400}"),
        ),
        ask=ask,
    ).entries

    reasons = {item.clauses: item.reason for item in entries}
    assert reasons[FIRST,] == reason
    assert reasons[SECOND,] == f"{FIRST} fell"
    assert reasons[THIRD,].startswith("it says much xxx")
    assert len(reasons[THIRD,]) < 350
    assert asked == []


def test_one_reason_is_asked_for_many() -> None:
    """The same exception, the same known deviation, or else the same argument."""
    looks = {"detail": "epochs are counted from 1"}
    shown = hand_made.report(
        found(FIRST, Verdict.ERROR, observed="TypeError: no"),
        found(THIRD, Verdict.ERROR, observed="TypeError: no"),
        found("predict.test-mode", Verdict.ERROR, observed="TypeError: another"),
        found(SECOND, Verdict.FAIL, **looks),
        found("fit.shuffle.each-epoch", Verdict.FAIL, **looks),
        found("fit.shuffle.batch-chunks", Verdict.FAIL),
        found("fit.shuffle.false-keeps-order", Verdict.FAIL),
    )

    entries = updated("", shown).entries

    assert {item.clauses for item in entries} == {
        (FIRST, THIRD),
        ("predict.test-mode",),
        (SECOND, "fit.shuffle.each-epoch"),
        ("fit.shuffle.false-keeps-order", "fit.shuffle.batch-chunks"),
    }


BLOCKED, NEEDED = "fit.initial_epoch.resume-equivalence", "fit.epochs.final-epoch"


def test_what_was_to_be_blocked_stays_where_nobody_asked_what_blocks_it() -> None:
    """Of a few clauses, a report says nothing about it."""
    text = f"""\
[[expect]]
clause = "{BLOCKED}"
verdict = "blocked"
reason = "{NEEDED} fell"
"""
    subject = replace(SUBJECT, not_asked=(NEEDED,))
    alone, beside = (
        hand_made.report(found(BLOCKED, Verdict.FAIL), subjects=(each,))
        for each in (subject, SUBJECT)
    )

    assert updated(text, alone).news == ()
    assert body(updated(text, alone)) == text
    assert updated(text, beside).news != ()


def test_a_known_cause_is_taken_over() -> None:
    """What is known of an implementation need not be asked for; another verdict is not known."""
    known = (
        Entry(
            (FIRST, SECOND), Verdict.FAIL, "Why.", ("reference",), "https://e.org", at_times=True
        ),
        Entry((FIRST, SECOND), Verdict.ERROR, "Why else.", ("keras-2.3",)),
    )

    entries = updated(
        "", report(*both(FIRST, Verdict.FAIL), *both(SECOND, Verdict.FAIL)), known=known
    ).entries

    assert sorted(entries, key=lambda item: item.of + item.clauses) == [
        Entry((FIRST, SECOND), Verdict.FAIL, "", ("keras-2.3",)),
        Entry(
            (FIRST, SECOND), Verdict.FAIL, "Why.", ("reference",), "https://e.org", at_times=True
        ),
    ]


MINE = f"""\
# Mine.

# Everybody does.
[[expect]]
clause = "{FIRST}"     # beside
verdict = "fail"
reason = "Counts from 1."

# Two of them.
[[expect]]
# inside
clauses = ["{SECOND}", "{THIRD}"]
of = ["keras-2.3", "reference", "elsewhere"]
verdict = "fail"
reason = "Does not."
link = "https://example.org"
versions = "numpy > 1"
expires = 2026-01-01

# The end.
"""


def test_what_still_holds_stays_as_it_was_written() -> None:
    """A second update changes nothing, down to the comments beside keys."""
    shown = report(*both(FIRST, Verdict.FAIL))

    assert updated(MINE, shown).text == MINE
    assert updated(MINE, shown).news == ()


def test_entries_come_in_the_order_of_the_contract_with_their_comments() -> None:
    """Wherever they stood, the file is the same afterwards."""
    top, first, second, *_ = MINE.split("\n\n")
    swapped = "\n\n".join([top, second, first + "\n\n# The end.\n"])

    assert updated(swapped, report()).text == updated(MINE, report()).text
    assert updated(swapped, report()).text == MINE


def test_who_passes_is_taken_away() -> None:
    """The others stay, in an entry with the same reason; comments inside go above it."""
    shown = report(
        *both(FIRST, Verdict.FAIL, Verdict.PASS),
        found(SECOND, Verdict.PASS),
        found(THIRD, Verdict.FAIL),
    )

    changed = updated(MINE, shown)

    assert [(item.clauses, item.of, item.reason) for item in changed.entries] == [
        ((FIRST,), ("reference",), "Counts from 1."),
        ((SECOND,), ("keras-2.3", "elsewhere"), "Does not."),
        ((THIRD,), ("keras-2.3", "reference", "elsewhere"), "Does not."),
    ]
    assert "# Two of them.\n# inside\n[[expect]]\n" in changed.text
    assert (
        f'# Everybody does.\n# beside\n[[expect]]\nclause = "{FIRST}"\nof = ["ref' in changed.text
    )
    assert changed.text.count("expires = 2026-01-01") == 2
    assert changed.news == (
        f"{FIRST}: expected fail; keras-2.3: pass; taken away",
        f"{SECOND}: expected fail; reference: pass; taken away",
    )


def test_an_entry_of_which_nothing_is_left_goes() -> None:
    """With it go the comments above it."""
    text = f'# Top.\n\n# x\n[[expect]]\nclause = "{FIRST}"\nverdict = "fail"\nreason = "r"\n'

    assert updated(text, report(*both(FIRST, Verdict.PASS))).text == "# Top.\n"


def test_what_falls_otherwise_is_to_be_explained_anew() -> None:
    """The reason of before stays in sight, and is none for the new verdict."""
    text = (
        f'[[expect]]\nclause = "{FIRST}"\nof = ["reference"]\nverdict = "fail"\nreason = "Old."\n'
    )

    changed = updated(text, report(found(FIRST, Verdict.CRASH)))

    assert body(changed) == (
        '# As "fail" it was: Old.\n[[expect]]\n'
        f'clause = "{FIRST}"\nof = ["reference"]\nverdict = "crash"\nreason = ""\n'
    )
    assert changed.news == (
        f"{FIRST}: expected fail; reference: crash; to be explained anew",
        f"{FIRST}: crash on reference; added",
    )


def test_what_is_so_at_times_stays_when_it_passes() -> None:
    """A race that was won this time is still there."""
    text = (
        f'# T.\n\n[[expect]]\nclause = "{FIRST}"\nverdict = "fail"\nreason = "r"\nat_times = true\n'
    )

    assert updated(text, report(*both(FIRST, Verdict.PASS, Verdict.FAIL))).text == text


def test_a_new_id_takes_the_reason_of_the_old_one() -> None:
    """A clause that was split is explained as before, if it falls as before."""
    old = "train_on_batch.sample_weight"
    text = (
        f'[[expect]]\nclause = "{old}"\nof = ["reference"]\nverdict = "absent"\nreason = "None."\n'
    )
    new = f"{old}.temporal"

    changed = updated(text, report(found(new, Verdict.ABSENT)))

    assert changed.entries == (Entry((new,), Verdict.ABSENT, "None.", ("reference",)),)
    assert changed.news[0] == f"{old}: expected absent; no clause has this id; taken away"


def test_what_could_not_be_started_stays_as_it_is() -> None:
    """Nothing was found out about it, so that nothing changes."""
    text = f'# T.\n\n[[expect]]\nclause = "{FIRST}"\nof = ["keras-3-torch"]\nverdict = "fail"\n'
    text += 'reason = "r"\n'
    gone = found(FIRST, Verdict.UNAVAILABLE, implementation=GONE.name)

    assert updated(text, hand_made.report(gone, subjects=(GONE,))).text == text


def test_a_person_is_asked_for_missing_reasons_only() -> None:
    """Also for those that were missing before; what is not answered stays open."""
    asked = []

    def ask(entry: Entry, findings: Sequence[Finding]) -> str:
        asked.append((entry.clauses, [item.implementation for item in findings]))
        return "" if entry.clauses == (THIRD,) else "Said."

    text = f'[[expect]]\n# here\nclause = "{FIRST}"\nverdict = "fail"\nreason = ""  # ?\n'
    shown = report(
        *both(FIRST, Verdict.FAIL), found(SECOND, Verdict.FAIL), found(THIRD, Verdict.FAIL)
    )

    changed = updated(text, shown, ask=ask)

    assert sorted(asked) == sorted(
        [
            ((FIRST,), ["reference", "keras-2.3"]),
            ((SECOND,), ["reference"]),
            ((THIRD,), ["reference"]),
        ]
    )
    assert [(item.clauses, item.reason) for item in changed.entries] == [
        ((FIRST,), "Said."),
        ((SECOND,), "Said."),
        ((THIRD,), ""),
    ]
    assert f'# here\n# ?\n[[expect]]\nclause = "{FIRST}"\n' in changed.text


def test_a_gate_is_open_after_an_update() -> None:
    """Whatever the file was, once the reasons are said it is as the report."""
    shown = report(*FALLEN, *both("fit.x.array", Verdict.PASS, Verdict.TIMEOUT))
    text = MINE.replace("expires = 2026-01-01\n", "")

    changed = updated(text, shown, ask=lambda *_: "Said.")

    assert judge(outlined(shown), changed.entries, TODAY).problems == ()
    assert parse(changed.text, "e.toml") == changed.entries
    again = updated(changed.text, shown, ask=lambda *_: "Said.")
    assert again.text == changed.text


def test_a_clause_of_another_contract_gets_no_entry() -> None:
    """An entry that the gate refuses at once is of no use; it is said why there is none."""
    changed = updated("", report(found("gone.for.good", Verdict.FAIL)))

    assert changed.entries == ()
    assert changed.news == (
        "gone.for.good: no clause has this id; the report is of another fitspec; left out",
    )


CLAUSES = (FIRST, SECOND, THIRD)
NAMES = ("reference", "keras-2.3")
FALLING = (Verdict.FAIL, Verdict.ABSENT, Verdict.BLOCKED)
ENTRIES = st.builds(
    Entry,
    clauses=st.lists(st.sampled_from([*CLAUSES, "gone.for.good"]), min_size=1, unique=True).map(
        tuple
    ),
    verdict=st.sampled_from(FALLING),
    reason=st.sampled_from(["", "A reason."]),
    of=st.lists(st.sampled_from([*NAMES, "elsewhere"]), unique=True).map(tuple),
    versions=st.sampled_from(["", "keras >= 2", "keras < 2", "numpy > 1"]),
    at_times=st.booleans(),
)


@given(
    st.lists(ENTRIES, max_size=4),
    st.dictionaries(
        st.tuples(st.sampled_from(CLAUSES), st.sampled_from(NAMES)),
        st.sampled_from([Verdict.PASS, *FALLING]),
        min_size=1,
    ),
)
def test_whatever_the_file_and_the_report_an_update_settles_all_that_can_be(
    entries: list[Entry], verdicts: dict[tuple[str, str], Verdict]
) -> None:
    """Only entries that contradict each other, or about what was not examined, are left."""
    text = "\n\n".join(entry_text(item) for item in entries)
    shown = report(
        *(
            found(clause, verdict, implementation=name, observed=f"{verdict}")
            for (clause, name), verdict in verdicts.items()
        )
    )

    changed = updated(text, shown, ask=lambda *_: "Said.")

    left = {item.kind for item in judge(outlined(shown), changed.entries, TODAY).problems}
    assert left <= {ProblemKind.NOT_EXAMINED, ProblemKind.TWICE}
    assert updated(changed.text, shown, ask=lambda *_: "Said.").text == changed.text
