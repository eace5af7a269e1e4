"""What a check has found: that all is well, what could be better, or what will not work."""

from dataclasses import dataclass
from enum import Enum


class Grade(Enum):
    """How bad it is; only problems end the command with 1."""

    FINE = "ok"
    ADVICE = "advice"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Result:
    """One line. `to_do` says what to do about it, and is empty where all is well."""

    subject: str
    grade: Grade
    text: str
    to_do: str = ""


def fine(subject: str, text: str) -> Result:
    """Say that all is well."""
    return Result(subject, Grade.FINE, text)


def advice(subject: str, text: str, to_do: str) -> Result:
    """Say what could be better."""
    return Result(subject, Grade.ADVICE, text, to_do)


def problem(subject: str, text: str, to_do: str) -> Result:
    """Say what will not work."""
    return Result(subject, Grade.PROBLEM, text, to_do)
