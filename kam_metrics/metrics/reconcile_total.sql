-- grain: kind x line type x currency x scenario whose accounts together differ from everything that counts
with everything as (
    select b.kind, b.line_type, b.currency, b.scenario, sum(b.amount) as amount
    from booking b
    join live_batch using (batch_id)
    left join live_replaced r on r.kind = b.kind and r.scope = b.scope
    where b.batch_id >= coalesce(r.batch_id, 0) and not is_shadowed(b.shadow, coalesce(r.batch_id, 0))
    group by all
    union all
    select 'receivables', 'amount', currency, 'actual', sum(amount)
    from live_rows('receivables')
    where not is_shadowed(shadow, since)
    group by all
),
by_account as (
    select kind, line_type, currency, scenario, sum(amount) as amount from counted_booking group by all
    union all
    select 'receivables', 'amount', currency, 'actual', sum(amount) from receivable group by all
)
select kind || ' ' || line_type || ' ' || scenario || ': ' || coalesce(e.amount, 0) || ' / ' || coalesce(a.amount, 0)
    || ' ' || currency as difference
from everything e
full join by_account a using (kind, line_type, currency, scenario)
where e.amount is distinct from a.amount
order by all;
