"""Where mail goes, how it leaves, and who keeps watch: the rows of the delivery engine."""

import django.db.models.deletion
import tocsin.outbox.destinations
import uuid
from django.db import migrations, models


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
CHECK_MOVES = f"""
    CREATE OR REPLACE FUNCTION tocsin_check_message_move() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""

# The claim asks what time it is there: a zone that PostgreSQL does not know would stop the line.
KNOW_THE_ZONE = """
    CREATE FUNCTION tocsin_check_time_zone() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM now() AT TIME ZONE NEW.time_zone;
        RETURN NEW;
    EXCEPTION WHEN invalid_parameter_value THEN
        RAISE EXCEPTION 'there is no time zone %', NEW.time_zone
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'a_mailbox_is_in_a_time_zone',
                TABLE = 'tocsin_mailbox', COLUMN = 'time_zone';
    END
    $$;
    CREATE TRIGGER a_mailbox_is_in_a_time_zone
        BEFORE INSERT OR UPDATE OF time_zone ON tocsin_mailbox
        FOR EACH ROW EXECUTE FUNCTION tocsin_check_time_zone();
"""
FORGET_THE_ZONE = """
    DROP TRIGGER a_mailbox_is_in_a_time_zone ON tocsin_mailbox;
    DROP FUNCTION tocsin_check_time_zone();
"""

# What waits from before has the domain it is sent from in its Message-ID.
NAME_SENDING_DOMAINS = """
    INSERT INTO tocsin_sendingdomain (name, bounce_domain, state, reserved, findings, sent)
        SELECT DISTINCT split_part(message_id, '@', 2), 'bounce.' || split_part(message_id, '@', 2),
            'unchecked', split_part(message_id, '@', 2) ~ '[.](example|test|invalid|localhost)$',
            '[]'::jsonb, 0
        FROM tocsin_message;
    UPDATE tocsin_message AS message SET sending_domain_id = domain.id
        FROM tocsin_sendingdomain AS domain WHERE domain.name = split_part(message_id, '@', 2);
"""
COUNT_ATTEMPTS = """
    UPDATE tocsin_message AS message SET tried = tries.last, began = tries.began
    FROM (SELECT message_id, max(number) AS last,
              min(at) FILTER (WHERE outcome NOT IN ('', 'line_down')) AS began
          FROM tocsin_attempt GROUP BY 1) AS tries
    WHERE message.id = tries.message_id;
"""
GIVE_MAILINGS = """
    INSERT INTO tocsin_mailing (name, paused, doubts) SELECT slug, false, 'resend' FROM tocsin_campaign;
    UPDATE tocsin_campaign AS campaign SET mailing_id = mailing.id
        FROM tocsin_mailing AS mailing WHERE mailing.name = campaign.slug;
"""
# What waits goes on as mail of its campaign, and no faster to its target than what is new.
GIVE_MAILINGS_TO_MESSAGES = """
    UPDATE tocsin_message AS message SET mailing_id = campaign.mailing_id
        FROM (SELECT message_id, action_id FROM tocsin_letter
              UNION ALL SELECT message_id, action_id FROM tocsin_confirmation) AS said
        JOIN tocsin_action AS action ON action.id = said.action_id
        JOIN tocsin_campaign AS campaign ON campaign.id = action.campaign_id
        WHERE said.message_id = message.id;
"""
ADDRESSES = """
    WITH address AS (
        SELECT DISTINCT ON (letter.message_id) letter.message_id,
            regexp_replace(address, '@[^@]*$', '') AS local,
            lower(substring(address FROM '@([^@]*)$')) AS domain
        FROM tocsin_letter AS letter JOIN tocsin_message AS message ON message.id = letter.message_id
        JOIN tocsin_targetaddress AS found ON found.target_id = letter.target_id
        WHERE message.state IN ('ready', 'leased', 'sending', 'held', 'in_doubt')
        ORDER BY letter.message_id, found.id
    )
"""
GIVE_MAILBOXES = f"""
    {ADDRESSES} INSERT INTO tocsin_maildomain
        (name, per_hour, burst, connections, booked_until, slow, refusals, paused, words)
        SELECT DISTINCT domain, 300, 5, 2, timestamptz '2000-01-01 00:00+00', 1, 0, false, ''
        FROM address;
    {ADDRESSES} INSERT INTO tocsin_mailbox
        (address, domain_id, state, words, per_hour, booked_until, next_at, time_zone, workdays,
         paused)
        SELECT DISTINCT local || '@' || domain, domain.id, 'ok', '', 20,
            timestamptz '2000-01-01 00:00+00', timestamptz '2000-01-01 00:00+00', 'UTC', false, false
        FROM address JOIN tocsin_maildomain AS domain ON domain.name = address.domain;
    {ADDRESSES} UPDATE tocsin_message AS message SET mailbox_id = box.id
        FROM address JOIN tocsin_mailbox AS box ON box.address = local || '@' || domain
        WHERE message.id = address.message_id;
"""
NOTHING = migrations.RunSQL.noop


class Migration(migrations.Migration):

    dependencies = [
        ('tocsin', '0002_message_moves'),
    ]

    operations = [
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('about', models.CharField(blank=True, max_length=255, verbose_name='about')),
                ('words', models.CharField(blank=True, max_length=500, verbose_name='their words')),
                ('times', models.PositiveIntegerField(default=1, verbose_name='times')),
                ('first_at', models.DateTimeField(verbose_name='first at')),
                ('last_at', models.DateTimeField(verbose_name='last at')),
                ('closed', models.BooleanField(default=False, verbose_name='closed')),
            ],
            options={
                'verbose_name': 'incident',
                'verbose_name_plural': 'incidents',
                'ordering': ('closed', '-last_at'),
            },
        ),
        migrations.CreateModel(
            name='Installation',
            fields=[
                ('number', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('name', models.UUIDField(default=uuid.uuid4)),
                ('fingerprint', models.BinaryField(max_length=16)),
                ('epoch', models.PositiveBigIntegerField(default=0)),
                ('marked_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'installation',
                'verbose_name_plural': 'installations',
            },
        ),
        migrations.CreateModel(
            name='Mailbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(max_length=254, unique=True, verbose_name='address')),
                ('state', models.CharField(choices=[('ok', 'takes mail'), ('full', 'full'), ('refusing', 'refuses mail'), ('invalid', 'does not exist')], default='ok', max_length=20, verbose_name='state')),
                ('since', models.DateTimeField(null=True, verbose_name='since')),
                ('words', models.CharField(blank=True, max_length=500, verbose_name='their words')),
                ('per_hour', models.PositiveIntegerField(default=20, verbose_name='an hour')),
                ('booked_until', models.DateTimeField(default=tocsin.outbox.destinations.long_ago)),
                ('next_at', models.DateTimeField(default=tocsin.outbox.destinations.long_ago, verbose_name='next slot')),
                ('opens', models.TimeField(blank=True, null=True, verbose_name='from')),
                ('closes', models.TimeField(blank=True, null=True, verbose_name='to')),
                ('time_zone', models.CharField(default='UTC', max_length=64, verbose_name='time zone')),
                ('workdays', models.BooleanField(default=False, verbose_name='Monday to Friday only')),
                ('paused', models.BooleanField(default=False, verbose_name='paused by hand')),
            ],
            options={
                'verbose_name': 'mailbox',
                'verbose_name_plural': 'mailboxes',
                'ordering': ('address',),
            },
        ),
        migrations.CreateModel(
            name='MailDomain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255, unique=True, verbose_name='name')),
                ('per_hour', models.PositiveIntegerField(default=300, verbose_name='an hour')),
                ('burst', models.PositiveSmallIntegerField(default=5, verbose_name='at one go')),
                ('connections', models.PositiveSmallIntegerField(default=2, verbose_name='in hand at once')),
                ('booked_until', models.DateTimeField(default=tocsin.outbox.destinations.long_ago)),
                ('slow', models.PositiveSmallIntegerField(default=1, verbose_name='slower by')),
                ('slowed_at', models.DateTimeField(null=True)),
                ('refusals', models.PositiveSmallIntegerField(default=0, verbose_name='refusals in a row')),
                ('refused_at', models.DateTimeField(null=True)),
                ('paused_until', models.DateTimeField(null=True, verbose_name='paused until')),
                ('paused', models.BooleanField(default=False, verbose_name='paused by hand')),
                ('words', models.CharField(blank=True, max_length=500, verbose_name='their words')),
            ],
            options={
                'verbose_name': 'mail domain',
                'verbose_name_plural': 'mail domains',
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='Mailing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('paused', models.BooleanField(default=False, verbose_name='paused')),
                ('stop_at', models.DateTimeField(blank=True, help_text='After it nothing is sent.', null=True, verbose_name='stop date')),
                ('doubts', models.CharField(choices=[('resend', 'send once more, with the same bytes'), ('ask', 'ask a person')], default='resend', max_length=10, verbose_name='when in doubt')),
            ],
            options={
                'verbose_name': 'mailing',
                'verbose_name_plural': 'mailings',
                'ordering': ('name', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Route',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False, verbose_name='name')),
                ('number', models.PositiveSmallIntegerField(help_text='Names its locks.', unique=True)),
                ('connections', models.PositiveSmallIntegerField(default=20, verbose_name='connections')),
                ('share', models.PositiveSmallIntegerField(default=10, verbose_name='of these, for one worker')),
                ('faults', models.PositiveSmallIntegerField(default=0, verbose_name='faults in a row')),
                ('misunderstandings', models.PositiveSmallIntegerField(default=0, verbose_name='answers that say the fault is ours, in a row')),
                ('open_until', models.DateTimeField(null=True, verbose_name='left alone until')),
                ('paused', models.BooleanField(default=False, verbose_name='paused by hand')),
                ('words', models.CharField(blank=True, max_length=500, verbose_name='their words')),
                ('taken_at', models.DateTimeField(null=True, verbose_name='last took something at')),
                ('waiting_since', models.DateTimeField(null=True, verbose_name='something has been due since')),
            ],
            options={
                'verbose_name': 'route',
                'verbose_name_plural': 'routes',
                'ordering': ('number',),
            },
        ),
        migrations.CreateModel(
            name='SendingDomain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255, unique=True, verbose_name='name')),
                ('bounce_domain', models.CharField(max_length=255, verbose_name='domain of returned mail')),
                ('state', models.CharField(choices=[('unchecked', 'not checked yet'), ('green', 'in order'), ('red', 'not in order')], default='unchecked', max_length=20, verbose_name='state')),
                ('reserved', models.BooleanField(default=False, verbose_name='exists nowhere')),
                ('checked_at', models.DateTimeField(null=True, verbose_name='checked at')),
                ('findings', models.JSONField(default=list, verbose_name='findings')),
                ('daily_cap', models.PositiveIntegerField(blank=True, help_text='While the domain is new.', null=True, verbose_name='at most a day')),
                ('day', models.DateField(null=True)),
                ('sent', models.PositiveIntegerField(default=0, verbose_name='sent on that day')),
            ],
            options={
                'verbose_name': 'sending domain',
                'verbose_name_plural': 'sending domains',
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('blind', models.BinaryField(max_length=16, unique=True)),
                ('reason', models.CharField(max_length=40, verbose_name='reason')),
                ('since', models.DateField(verbose_name='since')),
            ],
            options={
                'verbose_name': 'suppression',
                'verbose_name_plural': 'suppressions',
            },
        ),
        migrations.RemoveIndex(
            model_name='message',
            name='message_due',
        ),
        migrations.RemoveIndex(
            model_name='message',
            name='message_waits',
        ),
        migrations.AddField(
            model_name='message',
            name='tried',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='number of the last attempt'),
        ),
        migrations.AddField(
            model_name='message',
            name='began',
            field=models.DateTimeField(null=True, verbose_name='patience counts from'),
        ),
        migrations.RunSQL(COUNT_ATTEMPTS, NOTHING),
        migrations.AddField(
            model_name='message',
            name='reason',
            field=models.CharField(blank=True, max_length=20, verbose_name='why'),
        ),
        migrations.AlterField(
            model_name='message',
            name='lane',
            field=models.CharField(choices=[('confirm', 'confirmation'), ('staff', 'notice to the staff'), ('letter', 'letter'), ('update', 'news to supporters')], max_length=20, verbose_name='lane'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.UniqueConstraint(models.F('kind'), models.F('about'), condition=models.Q(('closed', False)), name='an_open_incident_is_one_row'),
        ),
        migrations.AddConstraint(
            model_name='installation',
            constraint=models.CheckConstraint(condition=models.Q(('number', 1)), name='there_is_one_installation'),
        ),
        migrations.AddField(
            model_name='message',
            name='mailbox',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='tocsin.mailbox'),
        ),
        migrations.AddConstraint(
            model_name='maildomain',
            constraint=models.CheckConstraint(condition=models.Q(('burst__gt', 0), ('connections__gt', 0), ('per_hour__gt', 0), ('slow__gt', 0)), name='a_mail_domain_takes_something'),
        ),
        migrations.AddField(
            model_name='mailbox',
            name='domain',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mailboxes', to='tocsin.maildomain'),
        ),
        migrations.AddField(
            model_name='message',
            name='domain',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='tocsin.maildomain'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='mailing',
            field=models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='tocsin.mailing'),
        ),
        migrations.RunSQL(GIVE_MAILINGS, NOTHING),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", NOTHING),
        migrations.AlterField(
            model_name='campaign',
            name='mailing',
            field=models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, to='tocsin.mailing'),
        ),
        migrations.AddField(
            model_name='message',
            name='mailing',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='tocsin.mailing'),
        ),
        migrations.AddConstraint(
            model_name='route',
            constraint=models.CheckConstraint(condition=models.Q(('connections__gt', 0), ('share__gt', 0)), name='a_route_has_connections'),
        ),
        migrations.AddField(
            model_name='message',
            name='sending_domain',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='tocsin.sendingdomain'),
        ),
        migrations.RunSQL(NAME_SENDING_DOMAINS, NOTHING),
        migrations.RunSQL(GIVE_MAILINGS_TO_MESSAGES, NOTHING),
        migrations.RunSQL(GIVE_MAILBOXES, NOTHING),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", NOTHING),
        migrations.AlterField(
            model_name='message',
            name='sending_domain',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tocsin.sendingdomain'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('lane'), models.F('due_at'), models.F('id'), condition=models.Q(('domain', None), ('mailbox', None), ('state', 'ready')), name='message_due'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('domain'), models.F('priority'), models.F('due_at'), models.F('id'), condition=models.Q(('domain__isnull', False), ('mailbox', None), ('state', 'ready')), name='message_due_to_domain'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('mailbox'), models.F('priority'), models.F('due_at'), models.F('id'), condition=models.Q(('mailbox__isnull', False), ('state', 'ready')), name='message_due_to_mailbox'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('mailing'), models.F('state'), condition=models.Q(('state__in', ('ready', 'held'))), name='message_of_mailing'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('state'), models.F('reason'), condition=models.Q(('state__in', ('held', 'in_doubt'))), name='message_waits'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('mailbox__isnull', True), ('domain__isnull', True), _connector='OR'), name='a_message_to_a_mailbox_goes_by_its_domain'),
        ),
        migrations.AddIndex(
            model_name='mailbox',
            index=models.Index(models.F('domain'), models.F('next_at'), name='mailbox_next_slot'),
        ),
        migrations.AddConstraint(
            model_name='mailbox',
            constraint=models.CheckConstraint(condition=models.Q(('per_hour__gt', 0)), name='a_mailbox_takes_something'),
        ),
        migrations.AddConstraint(
            model_name='mailbox',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closes__isnull', True), ('opens__isnull', True)), models.Q(('closes__isnull', False), ('opens__isnull', False)), _connector='OR'), name='a_mailbox_that_opens_also_closes'),
        ),
        migrations.RunSQL(CHECK_MOVES, NOTHING),
        migrations.RunSQL(KNOW_THE_ZONE, FORGET_THE_ZONE),
    ]
