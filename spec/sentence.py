"""What a statement has to look like: one complete sentence."""

import re

_CODE = re.compile(r"`[^`]*`")
_INNER_END = re.compile(r"[.!?]\s")


def sentence_fault(text: str) -> str | None:
    """Say why a text is not exactly one sentence.

    A sentence starts with a capital letter or a code name in backticks and ends in its only full
    stop. What stands in backticks is a name and is not looked into.

    Args:
        text: the text to judge.

    Returns:
        What is wrong, to be put after "a statement that", or None for a good sentence.
    """
    prose = _CODE.sub("`", text)
    if "\n" in text:
        return "breaks the line"
    if text.count("`") % 2:
        return "leaves a backtick open"
    if not (prose[:1].isupper() or prose.startswith("`")):
        return "starts without a capital letter"
    if not prose.endswith(".") or prose.endswith(".."):
        return "does not end in one full stop"
    if _INNER_END.search(prose):
        return "holds more than one sentence"
    return None
