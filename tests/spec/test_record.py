"""Reading records key by key."""

import pytest

from fitspec.spec.clause import Level
from fitspec.spec.error import SpecError
from fitspec.spec.record import Record, Shape, read_records

SHAPE = Shape("thing", required=("id",), optional=("parts", "level"))


def one(text: str) -> Record:
    (record,) = read_records("things.toml", f"[[thing]]\n{text}".encode(), SHAPE)
    return record


def test_records_come_in_the_order_of_the_file() -> None:
    """Every table of the kind becomes a record."""
    content = b'[[thing]]\nid = "b"\n[[thing]]\nid = "a"\n'

    records = read_records("things.toml", content, SHAPE)

    assert [record.text("id") for record in records] == ["b", "a"]


def test_a_file_without_records_is_empty() -> None:
    """A file of comments holds no records."""
    assert read_records("things.toml", b"# nothing yet\n", SHAPE) == []


def test_a_syntax_error_names_file_and_line() -> None:
    """What is not TOML is refused with the place where reading stopped."""
    with pytest.raises(SpecError, match=r"^things\.toml: .*line 2"):
        read_records("things.toml", b'[[thing]]\nid = "a\n', SHAPE)


def test_a_file_in_another_encoding_is_refused() -> None:
    """Bytes that are not UTF-8 are refused with the name of the file."""
    with pytest.raises(SpecError, match=r"^things\.toml: expected TOML in UTF-8"):
        read_records("things.toml", b'[[thing]]\nid = "\xff"\n', SHAPE)


def test_another_kind_of_table_is_refused() -> None:
    """A file holds records of its own kind only."""
    with pytest.raises(SpecError, match=r"^things\.toml: unknown key 'other'.*\[\[thing\]\]"):
        read_records("things.toml", b"[[other]]\n", SHAPE)


@pytest.mark.parametrize("content", [b'thing = "a"\n', b'[thing]\nid = "a"\n', b"thing = [1]\n"])
def test_records_that_are_no_tables_are_refused(content: bytes) -> None:
    """A text, a single table and numbers are no array of tables."""
    with pytest.raises(SpecError, match=r"^things\.toml.*table"):
        read_records("things.toml", content, SHAPE)


def test_an_unknown_key_is_refused() -> None:
    """A key that the kind does not have is named beside those it has."""
    with pytest.raises(SpecError, match=r"thing 'a': unknown key 'size'.*id, parts, level"):
        one('id = "a"\nsize = 3\n')


def test_a_missing_key_is_refused() -> None:
    """A record without an id is named by its number."""
    with pytest.raises(SpecError, match=r"^things\.toml, thing 1: the key 'id' is missing"):
        one('level = "must"\n')


@pytest.mark.parametrize("value", ["3", '""', '" a"', "[]"])
def test_a_text_is_neither_empty_nor_padded(value: str) -> None:
    """Anything but a proper text is refused with what came."""
    record = one(f"id = {value}\n")

    with pytest.raises(SpecError, match=r"'id': expected a text without blanks around it, got"):
        record.text("id")


@pytest.mark.parametrize("value", ['"shall"', "3"])
def test_a_choice_is_one_of_the_words(value: str) -> None:
    """Another word is refused with the words to choose from."""
    record = one(f'id = "a"\nlevel = {value}\n')

    with pytest.raises(SpecError, match=r"'level': expected one of must, should, observed, got"):
        record.choice("level", tuple(Level))


@pytest.mark.parametrize("value", ['"x"', "[1]", "{}"])
def test_names_are_a_list_of_texts(value: str) -> None:
    """A text, numbers and a table are no list of names."""
    record = one(f'id = "a"\nparts = {value}\n')

    with pytest.raises(SpecError, match=r"thing 'a': 'parts': expected a list of names, got"):
        record.names("parts")


def test_names_do_not_repeat() -> None:
    """The same name twice is refused."""
    record = one('id = "a"\nparts = ["x", "x"]\n')

    with pytest.raises(SpecError, match=r"'parts': expected names without repetition"):
        record.names("parts")


def test_absent_names_are_none() -> None:
    """A list that is left out is empty."""
    assert one('id = "a"\n').names("parts") == ()
