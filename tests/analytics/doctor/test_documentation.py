"""docs/stream-health.md says what the doctor says."""

from pathlib import Path

from analytics.doctor.texts import GOOD_CODES, TEXTS

_DOCUMENT = Path(__file__).parents[3] / "docs" / "stream-health.md"


def test_every_finding_stands_in_the_document_with_its_words() -> None:
    lines = {
        line.split("`")[1]: line
        for line in _DOCUMENT.read_text("utf-8").splitlines()
        if line.startswith("| **")
    }
    assert set(lines) == set(TEXTS) - set(GOOD_CODES.values())
    for code, line in lines.items():
        words = TEXTS[code]
        assert line == f"| **{words.title}** `{code}` | {words.text} | {words.to_change} |"
