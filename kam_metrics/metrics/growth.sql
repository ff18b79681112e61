-- grain: group asked x customer x product, invoiced in the period or in the same period a year earlier
-- Whole months come from the rollup; of a month that the period breaks, the lines. In a period longer than a year an
-- invoice may lie in both. `costed` is what was sold now of which the cost is known, `cogs` that cost.
with period as (
    select true as is_now, $from_date::date as first_day, $to_date::date as last_day
    union all
    select false, $base_from::date, $base_to::date
),
cell as (
    select m.account_id, m.unmapped_ref, m.product, m.is_service, m.is_counted, m.quantity, m.amount_eur, m.costed_eur,
        m.cogs_eur, m.unrated, p.is_now
    from product_month m
    join period p on m.first_day between p.first_day and p.last_day
    where not m.is_credit and not list_contains($broken, m.month)
    union all
    select l.account_id, l.unmapped_ref, l.product, l.value_added_service,
        l.product is not null and l.quantity is not null, l.quantity,
        l.net_amount * eur_rate(l.currency, l.invoice_date),
        case when l.cogs_amount is null then 0 else l.net_amount * eur_rate(l.currency, l.invoice_date) end,
        coalesce(l.cogs_amount, 0) * eur_rate(l.currency, l.invoice_date),
        case when eur_rate(l.currency, l.invoice_date) is null then l.currency end,
        p.is_now
    from sold_line l
    join period p on l.invoice_date between p.first_day and p.last_day
    where l.doc_type is distinct from 'CRN' and l.invoice_date between $lines_from and $lines_until
      and list_contains($broken, date_trunc('month', l.invoice_date)::date)
)
select {dims} coalesce(c.account_id, c.unmapped_ref) as customer, c.product, bool_or(c.is_service) as is_service,
    bool_or(c.is_now) as is_sold, bool_or(not c.is_now) as was_sold, bool_and(c.is_counted) as is_counted,
    coalesce(sum(c.quantity) filter (c.is_now), 0) as quantity,
    coalesce(sum(c.quantity) filter (not c.is_now), 0) as base_quantity,
    coalesce(sum(c.amount_eur) filter (c.is_now), 0) as amount,
    coalesce(sum(c.amount_eur) filter (not c.is_now), 0) as base_amount,
    coalesce(sum(c.costed_eur) filter (c.is_now), 0) as costed,
    coalesce(sum(c.cogs_eur) filter (c.is_now), 0) as cogs,
    min(c.unrated) as unrated
from cell c
join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a on a.account_id is not distinct from c.account_id
group by all
