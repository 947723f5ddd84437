"""Every noun, imported once so that Django finds it."""

from tocsin.actions.models import Action, Confirmation, MailGuard
from tocsin.campaigns.collective import CollectiveSchedule, CollectiveWording
from tocsin.campaigns.discarding import LeftSalt
from tocsin.campaigns.models import Campaign, CampaignTarget, Wording
from tocsin.campaigns.rehearsal import Rehearsal, RehearsalMail
from tocsin.campaigns.translations import Translation
from tocsin.campaigns.wording_rules import WordingRule
from tocsin.letters.editions import CollectiveLetter, Edition
from tocsin.letters.models import Letter
from tocsin.organisations.models import Organisation
from tocsin.organisations.partners import Partner
from tocsin.organisations.teams import Team
from tocsin.organisations.witnesses import WitnessConsent
from tocsin.outbox.deeds import Deed
from tocsin.outbox.destinations import Mailbox, MailDomain, Suppression
from tocsin.outbox.models import Attempt, Message, MessageContent
from tocsin.outbox.routes import Mailing, Route, SendingDomain
from tocsin.outbox.watch import Incident, Installation
from tocsin.outcomes.exports import Export
from tocsin.outcomes.models import DayCount, HourCount, SaidCount, SourceCount, Tally
from tocsin.outcomes.paper import PaperCount
from tocsin.pages.models import CampaignPage, HomePage, SectionPage
from tocsin.pages.pictures.models import CampaignImage, CampaignRendition
from tocsin.privacy.memory import DayKey, Ending, LivedClock, RetentionReport, Walk
from tocsin.privacy.models import DataMail
from tocsin.supporters.models import Consent, ConsentWording, SealedRecord, Supporter
from tocsin.targets.areas import Area, AreaTable, Postcode
from tocsin.targets.importing.models import ImportLine, TargetImport
from tocsin.targets.models import Target, TargetAddress, TargetName
from tocsin.targets.pairs import DifferentTargets

__all__ = [
    "Action",
    "Area",
    "AreaTable",
    "Attempt",
    "Campaign",
    "CampaignImage",
    "CampaignPage",
    "CampaignRendition",
    "CampaignTarget",
    "CollectiveLetter",
    "CollectiveSchedule",
    "CollectiveWording",
    "Confirmation",
    "Consent",
    "ConsentWording",
    "DataMail",
    "DayCount",
    "DayKey",
    "Deed",
    "DifferentTargets",
    "Edition",
    "Ending",
    "Export",
    "HomePage",
    "HourCount",
    "ImportLine",
    "Incident",
    "Installation",
    "LeftSalt",
    "Letter",
    "LivedClock",
    "MailDomain",
    "MailGuard",
    "Mailbox",
    "Mailing",
    "Message",
    "MessageContent",
    "Organisation",
    "PaperCount",
    "Partner",
    "Postcode",
    "Rehearsal",
    "RehearsalMail",
    "RetentionReport",
    "Route",
    "SaidCount",
    "SealedRecord",
    "SectionPage",
    "SendingDomain",
    "SourceCount",
    "Supporter",
    "Suppression",
    "Tally",
    "Target",
    "TargetAddress",
    "TargetImport",
    "TargetName",
    "Team",
    "Translation",
    "Walk",
    "WitnessConsent",
    "Wording",
    "WordingRule",
]
