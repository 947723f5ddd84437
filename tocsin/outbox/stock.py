"""What a run has claimed and made ready, so that the line never waits for the next letter."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection, transaction

from tocsin.kit.seal import KeyMissing
from tocsin.outbox.alarm import raise_incident
from tocsin.outbox.claim import Lease, claim, give_back
from tocsin.outbox.identity.dkim import KeyUnusable
from tocsin.outbox.react import rest_route
from tocsin.outbox.ready import Parcel, Wrapper
from tocsin.outbox.record import hold_leased

log = logging.getLogger(__name__)


class Stock:
    """The parcels of one run, filled by whoever asks; by a thread of its own while there are many.

    The thread has a database session of its own. It begins when a claim has brought as many as
    were asked for, and ends when one brings less than half: then little more may go at this moment.
    """

    def __init__(self, *, route: str, owner: int, clock: Callable[[], datetime]) -> None:
        self.set_aside = 0
        """How many messages could not be made ready, and are held."""
        self.is_over = False
        """Whether nothing more is to be claimed: it was closed, or the keys are gone."""
        self._route = route
        self._owner = owner
        self._clock = clock
        self._wrapper = Wrapper()
        self._parcels: deque[Parcel] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_filling = False
        self._wanted = 0  # by whoever waits
        self._fault: Exception | None = None

    def fill(self, most: int) -> None:
        """Claim up to `most` if less than half of that is there, unless the thread does it.

        Raises what the thread met with.
        """
        if self._is_filling:
            return
        self._raise_fault()
        if self._claim_if_low(most) == most:
            self._is_filling = True
            self._thread = threading.Thread(target=self._keep_filled, args=(most,), daemon=True)
            self._thread.start()

    def take(self, most: int) -> list[Parcel]:
        """The next ones, as many as are there and no more than that."""
        taken = [self._parcels.popleft() for _ in range(min(most, len(self._parcels)))]
        if taken and self._is_filling:
            self._tell()
        return taken

    def wait(self, most: int, *, seconds: float | None = None) -> bool:
        """Until so many are there or the thread has ended: whether to look or fill once more."""
        was_filling = self._is_filling
        if was_filling:
            with self._changed:
                self._wanted = most
                self._changed.wait_for(lambda: self._has(most) or not self._is_filling, seconds)
                self._wanted = 0
        return was_filling or bool(self._parcels)

    def stop(self) -> None:
        """Claim no more."""
        self.is_over = True
        if self._thread:
            self._tell()
            self._thread.join()

    def close(self) -> list[Lease]:
        """Claim no more; what is left, which the caller gives back. Raises as `fill` does."""
        self.stop()
        self._raise_fault()
        return [parcel.lease for parcel in self._parcels]

    def _raise_fault(self) -> None:
        fault, self._fault = self._fault, None
        if fault:
            raise fault

    def _tell(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _has(self, number: int) -> bool:
        return len(self._parcels) >= number

    def _is_low(self, most: int) -> bool:
        return len(self._parcels) <= most // 2

    # -- filling, here or in the thread ----------------------------------------------------------

    def _keep_filled(self, most: int) -> None:
        try:
            came = most
            while came > most // 2 and not self.is_over:
                with self._changed:
                    self._changed.wait_for(lambda: self.is_over or self._is_low(most))
                came = self._claim_if_low(most)
        except (OperationalError, InterfaceError):
            # Of this session alone, perhaps: whoever asks next claims in its own, and will see.
            log.warning("the session of the thread that claims has ended")
        except Exception as error:
            self._fault = error  # for whoever asks next
        finally:
            connection.close()
            self._is_filling = False
            self._tell()

    def _claim_if_low(self, most: int) -> int:
        """How many came."""
        if self.is_over or not self._is_low(most):
            return 0
        now = self._clock()
        leases = claim(route=self._route, most=most, owner=self._owner, now=now)
        held: dict[str, list[Lease]] = {}
        for number, lease in enumerate(leases):
            try:
                parcel = self._wrapper.wrap(lease, now=now)
            except (KeyMissing, KeyUnusable) as error:
                # No fault of any message. What is on the line is brought to its end.
                self.is_over = True
                give_back(leases[number:], owner=self._owner, now=now)
                self._tell_of_keys(str(error), now=now)
                break
            if isinstance(parcel, Parcel):
                self._parcels.append(parcel)
                if self._wanted and self._has(self._wanted):
                    self._tell()
            else:
                held.setdefault(parcel, []).append(lease)
        for reason, unfit in held.items():
            self._set_aside(reason, unfit, now=now)
        return len(leases)

    def _tell_of_keys(self, words: str, *, now: datetime) -> None:
        with transaction.atomic(durable=True):
            raise_incident("keys", words=words, now=now)
            rest_route(self._route, words, now=now)

    def _set_aside(self, reason: str, leases: list[Lease], *, now: datetime) -> None:
        with transaction.atomic(durable=True):
            ids = [lease.message_id for lease in leases]
            held = hold_leased(ids, reason=reason, owner=self._owner)
            if held:  # not those that were cancelled or erased meanwhile
                raise_incident(reason, now=now)
        self.set_aside += held
