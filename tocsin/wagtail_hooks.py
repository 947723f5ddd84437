"""Menu entries of the office."""

from wagtail import hooks

from tocsin.office.lists import CampaignDesk


@hooks.register("register_admin_viewset")
def register_campaign_desk() -> CampaignDesk:
    """Letters, actions, targets."""
    return CampaignDesk()
