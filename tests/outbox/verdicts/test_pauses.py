"""How long servers ask us to wait, in their own words."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.outbox.verdicts.replies import replies
from tocsin.outbox.verdicts.pauses import wait_asked

MINUTE, HOUR, DAY = 60, 3600, 86_400

ASKED = {
    "Greylisted for 300 seconds": 300,
    "Greylisting in action, please come back in 00:04:32": 4 * MINUTE + 32,
    "greylisted, come back in 5 minutes": 5 * MINUTE,
    "please retry in 300s": 300,
    "try again in approximately 7 minutes": 7 * MINUTE,
    "Try again after 30 s": 30,
    "deferred 10m": 10 * MINUTE,
    "temporarily blocked for 2 hours": 2 * HOUR,
    "wait 1 hour, then wait 90 minutes": HOUR,
    "come back 5 minutes later": 5 * MINUTE,
    "Retry-After: 120": 120,
    "retry after 120": 120,
    "retry after 5 minutes": 5 * MINUTE,
    "Veuillez réessayer dans 5 minutes": 5 * MINUTE,
    "Merci de reessayer dans 2 heures": 2 * HOUR,
    "revenez dans 5 minutes": 5 * MINUTE,
    "bitte in 5 Minuten erneut versuchen": 5 * MINUTE,
    "Versuchen Sie es in 2 Stunden noch einmal": 2 * HOUR,
    "Intente de nuevo en 10 minutos": 10 * MINUTE,
    "Tente novamente em 2 horas": 2 * HOUR,
    "Riprovare tra 5 minuti": 5 * MINUTE,
    "Повторите попытку через 15 минут": 15 * MINUTE,
    "через 3 часа": 3 * HOUR,
    "请在5分钟后重试": 5 * MINUTE,
    "请于 2 小时后再试": 2 * HOUR,
    "5分後に再試行してください": 5 * MINUTE,
    "10분 후에 다시 시도하십시오": 10 * MINUTE,
    "5 dakika sonra tekrar deneyin": 5 * MINUTE,
    "أعد المحاولة بعد ١٠ دقائق": 10 * MINUTE,
    # at most a day
    "try again in 3 days": DAY,
    "try again in 999999 days": DAY,
    "come back in 99:00:00": DAY,
    # nothing is asked for
    "": 0,
    "try again later": 0,
    "you sent 100 messages in 1 hour": 0,
    "idle for 300 seconds": 0,
    "we close at 12:30:00": 0,
    "Sender rate overlimit - 120.3 / 1h": 0,
    "again 99999999999999999999 seconds": 0,
    "try again in 5 months": 0,
    "try again: error 5": 0,
}


@pytest.mark.parametrize("words", ASKED)
def test_a_wait_is_heard_in_the_words(words: str) -> None:
    assert wait_asked(words) == timedelta(seconds=ASKED[words])


def test_most_answers_ask_for_no_wait() -> None:
    asking = {reply.receipt.text for reply in replies() if wait_asked(reply.receipt.words)}
    assert asking == {
        "Greylisting in action, please come back in 00:04:32",
        "Recipient address rejected: Greylisted for 300 seconds",
        "Mis en liste grise, revenez dans 5 minutes",
        "Graue Liste, bitte in 5 Minuten erneut",
        "Greylisted, please try again in 10 minutes",
    }


@given(st.text() | st.lists(st.sampled_from([*ASKED, " ", "9" * 50])).map(" ".join))
def test_no_words_make_us_wait_for_more_than_a_day(words: str) -> None:
    assert timedelta() <= wait_asked(words) <= timedelta(days=1)
