-- grain: account x month x line type whose rollup differs from the lines that count
with lines as (
    select account_id, unmapped_ref, month, own_month, line_type, currency, scenario, sum(amount) as amount,
        case when bool_and(amount_eur is not null) then sum(amount_eur) end as amount_eur
    from account_line
    group by all
),
rolled as (
    select account_id, unmapped_ref, month, own_month, line_type, currency, scenario, sum(amount) as amount,
        case when bool_and(amount_eur is not null) then sum(amount_eur) end as amount_eur
    from account_month
    where origin not in ('cost_drivers', 'capital')
    group by all
)
select coalesce(l.account_id, r.account_id, l.unmapped_ref, r.unmapped_ref, '–') || ' ' || coalesce(l.month, r.month)
    || ' ' || coalesce(l.line_type, r.line_type) || ': ' || coalesce(l.amount, 0) || ' / ' || coalesce(r.amount, 0) as difference
from lines l
full join rolled r
    on l.account_id is not distinct from r.account_id and l.unmapped_ref is not distinct from r.unmapped_ref
    and l.month = r.month and l.own_month = r.own_month and l.line_type = r.line_type and l.currency = r.currency and l.scenario = r.scenario
where l.amount is distinct from r.amount or l.amount_eur is distinct from r.amount_eur
order by all;
