"""A Message-ID is the message's own number; a move of states is checked without a function call."""

from django.db import migrations

# As outbox/states.py said when this was written; a change there needs a new migration.
MOVES = {
    "ready": ("leased", "held", "cancelled"),
    "leased": ("sending", "ready", "held", "cancelled"),
    "sending": ("sent", "ready", "failed", "held", "in_doubt"),
    "sent": ("delivered", "bounced"),
    "in_doubt": ("sent", "ready", "cancelled"),
    "held": ("ready", "cancelled"),
    "delivered": ("bounced",),
}
ARROWS = ", ".join(f"('{old}', '{new}')" for old, targets in MOVES.items() for new in targets)

# The condition is part of the update; the function is called for what is refused, and only then.
FORWARDS = f"""
    DROP TRIGGER a_message_moves_as_its_table_says ON tocsin_message;
    CREATE OR REPLACE FUNCTION tocsin_check_message_move() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a message does not move from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'a_message_moves_as_its_table_says',
                TABLE = 'tocsin_message', COLUMN = 'state';
    END
    $$;
    CREATE TRIGGER a_message_moves_as_its_table_says
        BEFORE UPDATE OF state ON tocsin_message
        FOR EACH ROW WHEN (
            OLD.state IS DISTINCT FROM NEW.state AND (OLD.state, NEW.state) NOT IN ({ARROWS})
        )
        EXECUTE FUNCTION tocsin_check_message_move();
"""


class Migration(migrations.Migration):
    """No row changes. What is under way keeps the Message-ID that stands in its bytes."""

    dependencies = [("tocsin", "0008_ways")]

    operations = [
        migrations.RunSQL(FORWARDS, migrations.RunSQL.noop),
        migrations.RemoveConstraint("message", "a_message_id_is_of_one_message"),
        migrations.RemoveField("message", "message_id"),
    ]
