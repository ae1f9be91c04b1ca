from django.db import migrations

# What was given back for goods that were gone had no row of its own. The row takes the payment's uid where the money has
# arrived, because the books know that refund by it.
FORWARD = """
    INSERT INTO orders_refund (uid, order_id, payment_id, tender, state, currency, amount_minor, reason, provider_id,
        failure_code, failure_text, details, created_at, settled_at)
    SELECT CASE WHEN p.refunded_minor > 0 THEN p.uid ELSE gen_random_uuid() END, p.order_id, p.id, p.tender,
        CASE WHEN p.refunded_minor > 0 THEN 'succeeded' ELSE 'pending' END, p.currency, p.captured_minor,
        'the goods were gone', '', '', '', '{}', coalesce(p.settled_at, p.created_at),
        CASE WHEN p.refunded_minor > 0 THEN coalesce(p.settled_at, p.created_at) END
    FROM orders_payment p WHERE p.details ? 'refund_due' AND p.captured_minor > 0
        AND NOT EXISTS (SELECT FROM orders_refund r WHERE r.payment_id = p.id);
    UPDATE orders_payment SET refund_pending_minor = captured_minor
    WHERE details ? 'refund_due' AND captured_minor > 0 AND refunded_minor = 0 AND refund_pending_minor = 0;
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0017_attempts_and_network_events")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
