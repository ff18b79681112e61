-- grain: account: net and billed euros of the invoice lines that state their VAT
-- Whole months come from the rollup; of a month that the as-of date breaks, the lines.
with taxed as (
    select account_id, taxed_eur, vat_eur from product_month where last_day <= $as_of
    union all
    select account_id, net_amount * eur_rate(currency, invoice_date), vat_amount * eur_rate(currency, invoice_date)
    from sold_line
    where vat_amount is not null and invoice_date <= $as_of and date_trunc('month', invoice_date)::date in (
        select month from product_month where first_day <= $as_of and last_day > $as_of
    )
)
select t.account_id, sum(t.taxed_eur) as net, sum(t.taxed_eur + t.vat_eur) as billed
from taxed t
join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a on a.account_id is not distinct from t.account_id
group by all
