"""Which salutations look misspelt, and which do not."""

import pytest

from tocsin.targets.greetings import Doubt, Greeting, doubts


def found(salutation: str, person: str = "", *others: str) -> list[str]:
    """What looks wrong with it, beside those of others."""
    greeting = Greeting(1, "en", salutation, person)
    rest = [Greeting(number, "en", each) for number, each in enumerate(others, start=2)]
    return [doubt.value for each, doubt in doubts([greeting, *rest]) if each is greeting]


@pytest.mark.parametrize(
    ("salutation", "person"),
    [
        ("Dear Minister,", "Ann Keller"),
        ("Dear Ms Müller,", "Anna Müller"),
        ("Dear Sir,", ""),
        ("尊敬的部长：", "李伟"),
        ("Sayın Yılmaz,", "Ayşe Yılmaz"),
        ("Madame, Monsieur,", "Li Wei"),
        ("ھۆرمەتلىك ۋەزىر،", ""),
        ("Monsieur le ministre !", ""),
    ],
)
def test_what_is_right_is_let_be(salutation: str, person: str) -> None:
    assert found(salutation, person, "Your Excellency,") == []


@pytest.mark.parametrize(
    ("salutation", "person", "doubt"),
    [
        ("", "", Doubt.MISSING),
        ("  ", "", Doubt.MISSING),
        ("Dear  Sir,", "", Doubt.SPACES),
        ("Dear Sir ,", "", Doubt.SPACES),
        ("Dear Sir", "", Doubt.END),
        ("Dear Ms Muller,", "Anna Müller", Doubt.NAME),
        ("Dear Ms Keler,", "Anna Keller", Doubt.NAME),
    ],
)
def test_what_looks_wrong_is_said(salutation: str, person: str, doubt: Doubt) -> None:
    assert found(salutation, person, "Your Excellency,", "Madam,") == [doubt]


def test_no_mark_at_the_end_is_right_where_others_have_none_or_there_are_none() -> None:
    assert found("Dear Sir") == []
    assert found("Dear Sir", "", "Madam", "Your Excellency,") == []


def test_a_language_has_its_own_habits() -> None:
    greetings = [Greeting(1, "en", "Dear Sir"), Greeting(2, "fr", "Madame,")]
    assert list(doubts(greetings)) == []
