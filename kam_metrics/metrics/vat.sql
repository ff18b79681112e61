-- grain: account: net and billed euros of the invoice lines that state their VAT; who pays for others of its group without
-- buying anything has the share of the group, as far as the reader's scope reaches
-- Whole months come from the rollup; of a month that the as-of date breaks, the lines.
with broken as (
    select distinct month from product_month where first_day <= $as_of and last_day > $as_of
),
taxed as (
    select account_id, taxed_eur, vat_eur from product_month where last_day <= $as_of and month not in (from broken)
    union all
    select account_id, net_amount * eur_rate(currency, invoice_date), vat_amount * eur_rate(currency, invoice_date)
    from sold_line
    where vat_amount is not null and invoice_date between date_trunc('month', $as_of::date)::date and $as_of
      and date_trunc('month', invoice_date)::date in (from broken)
),
bought as materialized (
    select a.account_id, a.group_id, sum(t.taxed_eur) as net, sum(t.taxed_eur + t.vat_eur) as billed
    from taxed t
    join seen_account($kam_scope, null, null) a on a.account_id is not distinct from t.account_id
    group by all
),
together as (
    select group_id, sum(net) as net, sum(billed) as billed from bought where group_id is not null group by all
)
select a.account_id, coalesce(b.net, g.net) as net, coalesce(b.billed, g.billed) as billed
from seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a
left join bought b on b.account_id is not distinct from a.account_id
left join together g on g.group_id = a.group_id
where coalesce(b.billed, g.billed) is not null
