-- grain: group asked x customer x product, invoiced in the period or in the same period a year earlier
with invoiced as (
    select *, invoice_date between $from_date and $to_date as is_now from sold_line
    where doc_type is distinct from 'CRN'
      and (invoice_date between $from_date and $to_date or invoice_date between $base_from and $base_to)
),
rate as materialized (
    select currency, invoice_date, eur_rate(currency, invoice_date) as rate
    from (select distinct currency, invoice_date from invoiced)
)
select {dims} coalesce(i.account_id, i.unmapped_ref) as customer, i.product,
    count(*) filter (is_now) > 0 as is_sold, count(*) filter (not is_now) > 0 as was_sold,
    bool_and(i.product is not null and i.quantity is not null) as is_counted,
    coalesce(sum(i.quantity) filter (is_now), 0) as quantity,
    coalesce(sum(i.quantity) filter (not is_now), 0) as base_quantity,
    coalesce(sum(i.net_amount * r.rate) filter (is_now), 0) as amount,
    coalesce(sum(i.net_amount * r.rate) filter (not is_now), 0) as base_amount,
    min(i.currency) filter (r.rate is null) as unrated
from invoiced i
join rate r on r.currency = i.currency and r.invoice_date = i.invoice_date
join seen_account($kam_scope, $kam_id, $account_id) a on a.account_id is not distinct from i.account_id
group by all
