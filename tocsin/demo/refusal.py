"""What a person can cause, told in one line that says what to do."""


class Refusal(Exception):
    """The demo cannot go on; the message is meant for the person at the terminal."""
