"""The database refuses a move of a message that the table of its states does not know."""

from django.db import migrations

# As outbox/states.py said when this was written; a change there needs a new migration.
MOVES = {
    "ready": ("leased", "held", "cancelled"),
    "leased": ("sending", "ready", "held", "cancelled"),
    "sending": ("sent", "ready", "failed", "held", "in_doubt"),
    "sent": ("delivered", "bounced"),
    "in_doubt": ("sent", "ready"),
    "held": ("ready", "cancelled"),
    "delivered": ("bounced",),
}
ARROWS = ", ".join(f"('{old}', '{new}')" for old, targets in MOVES.items() for new in targets)

FORWARDS = f"""
    CREATE FUNCTION tocsin_check_message_move() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (OLD.state, NEW.state) NOT IN ({ARROWS}) THEN
            RAISE EXCEPTION 'a message does not move from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'a_message_moves_as_its_table_says',
                    TABLE = 'tocsin_message', COLUMN = 'state';
        END IF;
        RETURN NEW;
    END
    $$;
    CREATE TRIGGER a_message_moves_as_its_table_says
        BEFORE UPDATE OF state ON tocsin_message
        FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
        EXECUTE FUNCTION tocsin_check_message_move();
"""

BACKWARDS = """
    DROP TRIGGER a_message_moves_as_its_table_says ON tocsin_message;
    DROP FUNCTION tocsin_check_message_move();
"""


class Migration(migrations.Migration):
    dependencies = [("tocsin", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
