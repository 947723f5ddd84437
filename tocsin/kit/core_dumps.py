"""A process that crashes leaves no copy of its memory behind."""

import resource


def forbid_core_dumps() -> None:
    """For this process and all that it starts: its memory holds what people typed, and keys."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
