"""The mails with a link to one's own data, so that they can be erased with the rest."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.kit.rows import Row
from tocsin.outbox.models import Message


class DataMail(Row):
    """A mail that carries the link to what is kept about its address; erased with all of that."""

    blind = models.BinaryField(max_length=16, db_index=True)
    message = models.OneToOneField(Message, on_delete=models.CASCADE)

    class Meta:
        verbose_name = _("data mail")
        verbose_name_plural = _("data mails")

    def __str__(self) -> str:
        return str(self.message_id)
