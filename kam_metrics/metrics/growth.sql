-- grain: group asked x customer x product, invoiced in the period or in the same period a year earlier
with invoiced as (
    select s.*, c.account_id as owner, s.invoice_date between $from_date and $to_date as is_now
    from sales_line s
    join customer_account c
        on c.account_ref is not distinct from s.account_id
        and c.customer_no is not distinct from s.customer_no
        and c.source_system is not distinct from s.source_system
        and c.company_code is not distinct from s.company_code
        and s.invoice_date between c.from_day and c.until_day
    where s.doc_type is distinct from 'CRN'
      and (s.invoice_date between $from_date and $to_date or s.invoice_date between $base_from and $base_to)
),
rate as materialized (
    select currency, invoice_date, eur_rate(currency, invoice_date) as rate
    from (select distinct currency, invoice_date from invoiced)
)
select {dims} coalesce(i.owner, i.account_id, i.customer_no) as customer, i.product,
    count(*) filter (is_now) > 0 as is_sold, count(*) filter (not is_now) > 0 as was_sold,
    bool_and(i.product is not null and i.quantity is not null) as is_counted,
    coalesce(sum(i.quantity) filter (is_now), 0) as quantity,
    coalesce(sum(i.quantity) filter (not is_now), 0) as base_quantity,
    coalesce(sum(i.net_amount * r.rate) filter (is_now), 0) as amount,
    coalesce(sum(i.net_amount * r.rate) filter (not is_now), 0) as base_amount,
    min(i.currency) filter (r.rate is null) as unrated
from invoiced i
join rate r on r.currency = i.currency and r.invoice_date = i.invoice_date
join seen_account($kam_scope, $kam_id, $account_id) a on a.account_id is not distinct from i.owner
group by all
