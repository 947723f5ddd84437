"""Letters: the words from one action to one target."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.actions.models import Action
from tocsin.kit.rows import Row
from tocsin.outbox.models import Message
from tocsin.targets.models import Target


class Letter(Row):
    """What one action says to one target; its words are in its message, its state is that one's.

    `code` is the number in the alias that the letter comes from, by which an answer is recognised.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="letters")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="letters")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="letter")
    language = models.CharField(_("language"), max_length=12)
    code = models.CharField(_("code"), max_length=8, unique=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = (
            models.UniqueConstraint("action", "target", name="one_letter_per_action_and_target"),
        )

    def __str__(self) -> str:
        return str(self.pk)
