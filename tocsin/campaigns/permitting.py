"""Words of permission: a change is a new version, since people agreed to the old one."""

from django.db.models import Max

from tocsin.campaigns.models import Campaign
from tocsin.supporters.models import ConsentWording


def newest_permission(campaign: Campaign, *, purpose: str, language: str) -> ConsentWording | None:
    """The words that are asked for now; None where it is not asked."""
    found = campaign.consents.filter(purpose=purpose, language=language)
    return found.order_by("-version").first()


def permit(campaign: Campaign, *, purpose: str, language: str, text: str) -> None:
    """Ask for that permission in these words from now on; without words, not any more."""
    newest = newest_permission(campaign, purpose=purpose, language=language)
    if not text and newest:
        # Not asked any more; what people agreed to stays as they read it.
        of_it = campaign.consents.filter(purpose=purpose, language=language)
        campaign.consents.remove(*of_it)
    if not text or (newest and newest.text == text):
        return
    row = {"slug": campaign.slug, "purpose": purpose, "language": language}
    last = ConsentWording.objects.filter(**row).aggregate(last=Max("version"))["last"] or 0
    wording = ConsentWording.objects.create(**row, version=last + 1, text=text)
    campaign.consents.add(wording)
