"""Words of permission belong to one organisation: campaigns of two never share a wording."""

from django.db import migrations

FORWARDS = """
    CREATE FUNCTION tocsin_check_wording_owner() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        -- Who gives the same words to another campaign at the same time waits here.
        PERFORM 1 FROM tocsin_consentwording WHERE id = NEW.consentwording_id FOR UPDATE;
        IF EXISTS (
            SELECT 1 FROM tocsin_campaign_consents given
            JOIN tocsin_campaign other ON other.id = given.campaign_id
            JOIN tocsin_campaign this ON this.id = NEW.campaign_id
            WHERE given.consentwording_id = NEW.consentwording_id
                AND other.organisation_id <> this.organisation_id
        ) THEN
            RAISE EXCEPTION 'a consent wording is of one organisation'
                USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'a_wording_is_of_one_organisation';
        END IF;
        RETURN NEW;
    END
    $$;
    CREATE TRIGGER a_wording_is_of_one_organisation
        BEFORE INSERT OR UPDATE ON tocsin_campaign_consents
        FOR EACH ROW EXECUTE FUNCTION tocsin_check_wording_owner();

    CREATE FUNCTION tocsin_check_campaign_owner() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT 1 FROM tocsin_campaign_consents own
            JOIN tocsin_campaign_consents given USING (consentwording_id)
            JOIN tocsin_campaign other ON other.id = given.campaign_id
            WHERE own.campaign_id = NEW.id AND other.id <> NEW.id
                AND other.organisation_id <> NEW.organisation_id
        ) THEN
            RAISE EXCEPTION 'a consent wording is of one organisation'
                USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'a_wording_is_of_one_organisation';
        END IF;
        RETURN NEW;
    END
    $$;
    CREATE TRIGGER a_campaign_takes_no_words_along
        BEFORE UPDATE OF organisation_id ON tocsin_campaign
        FOR EACH ROW WHEN (OLD.organisation_id IS DISTINCT FROM NEW.organisation_id)
        EXECUTE FUNCTION tocsin_check_campaign_owner();
"""

BACKWARDS = """
    DROP TRIGGER a_campaign_takes_no_words_along ON tocsin_campaign;
    DROP FUNCTION tocsin_check_campaign_owner();
    DROP TRIGGER a_wording_is_of_one_organisation ON tocsin_campaign_consents;
    DROP FUNCTION tocsin_check_wording_owner();
"""


class Migration(migrations.Migration):
    dependencies = [("tocsin", "0021_sections")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
