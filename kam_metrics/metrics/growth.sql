-- grain: group asked x customer x product, invoiced in the period or in the same period a year earlier
-- Whole months come from the rollup; of a month that the period breaks, the lines.
with cell as (
    select account_id, unmapped_ref, product, is_service, is_counted, quantity,
        amount_eur, unrated, first_day between $from_date and $to_date as is_now
    from product_month
    where not is_credit and not list_contains($broken, month)
      and (first_day between $from_date and $to_date or first_day between $base_from and $base_to)
    union all
    select account_id, unmapped_ref, product, value_added_service,
        product is not null and quantity is not null, quantity,
        net_amount * eur_rate(currency, invoice_date),
        case when eur_rate(currency, invoice_date) is null then currency end,
        invoice_date between $from_date and $to_date
    from sold_line
    where doc_type is distinct from 'CRN' and list_contains($broken, date_trunc('month', invoice_date)::date)
      and (invoice_date between $from_date and $to_date or invoice_date between $base_from and $base_to)
)
select {dims} coalesce(c.account_id, c.unmapped_ref) as customer, c.product, bool_or(c.is_service) as is_service,
    bool_or(c.is_now) as is_sold, bool_or(not c.is_now) as was_sold, bool_and(c.is_counted) as is_counted,
    coalesce(sum(c.quantity) filter (c.is_now), 0) as quantity,
    coalesce(sum(c.quantity) filter (not c.is_now), 0) as base_quantity,
    coalesce(sum(c.amount_eur) filter (c.is_now), 0) as amount,
    coalesce(sum(c.amount_eur) filter (not c.is_now), 0) as base_amount,
    min(c.unrated) as unrated
from cell c
join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a on a.account_id is not distinct from c.account_id
group by all
