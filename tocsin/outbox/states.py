"""The life of one outgoing message, as a table."""

from tocsin.kit.states import State

MESSAGE = {
    "ready": State(
        meaning="may go as soon as it is due",
        to=("leased", "held", "cancelled"),
    ),
    "leased": State(
        meaning="a worker has taken it, and has certainly not spoken yet",
        to=("sending", "ready", "held", "cancelled"),
    ),
    "sending": State(
        meaning="a worker has said that it will hand it over now",
        to=("sent", "ready", "failed", "held", "in_doubt"),
    ),
    "sent": State(
        meaning="the next mail system took it",
        to=("delivered", "bounced"),
    ),
    "in_doubt": State(
        meaning="the worker fell silent, or the line broke after the last word: sent or not sent",
        to=("sent", "ready", "cancelled"),
    ),
    "held": State(
        meaning="waits for a person, a corrected address, a window",
        to=("ready", "cancelled"),
    ),
    "delivered": State(
        meaning="the other side has said that it arrived",
        to=("bounced",),
    ),
    "bounced": State(meaning="it came back"),
    "failed": State(meaning="the other side will never take it"),
    "cancelled": State(meaning="withdrawn, recalled, or past the stop date"),
}
