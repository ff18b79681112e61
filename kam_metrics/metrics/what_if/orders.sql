-- grain: one row: orders of the period, those under the minimum, and what an order costs; an order is an account's own
with priced as (
    select s.account_id, s.order_no, s.currency, s.net_amount, s.cogs_amount, eur_rate(s.currency, s.invoice_date) as rate
    from sold_line s
    join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a on a.account_id is not distinct from s.account_id
    where s.order_no is not null and s.invoice_date between $from_date and $to_date
      and coalesce(s.doc_type, 'INV') <> 'CRN'
),
placed as (
    select account_id, order_no, sum(net_amount::decimal(38, 4) * rate) as net_sales,
        sum((net_amount - cogs_amount)::decimal(38, 4) * rate) filter (cogs_amount is not null) as margin,
        sum(net_amount::decimal(38, 4) * rate) filter (cogs_amount is not null) as costed,
        min(currency) filter (rate is null) as unrated
    from priced
    group by all
),
-- grain: account; small orders of one account could be combined up to the minimum
combined as (
    select least(count(*), ceil(greatest(sum(net_sales), 0) / $minimum))::bigint as orders
    from placed
    where net_sales < $minimum
    group by account_id
)
select count(*) as orders, count(*) filter (net_sales < $minimum) as small,
    coalesce(sum(net_sales) filter (net_sales < $minimum), 0) as net_sales,
    coalesce(sum(margin) filter (net_sales < $minimum), 0) as margin,
    coalesce(sum(costed), 0) as all_sales, coalesce(sum(margin), 0) as all_margin,
    coalesce((select sum(orders) from combined), 0)::bigint as combined,
    min(unrated) as unrated, bool_and(margin is null) as is_uncosted,
    (select arg_max(eur_per_unit, valid_from) from cost_rate where lower(activity) = 'orders' and valid_from <= $as_of) as rate
from placed;
