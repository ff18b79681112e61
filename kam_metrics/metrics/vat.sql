-- grain: account: net and billed euros of the invoice lines that state their VAT
with billed as (
    select account_id, net_amount, vat_amount, currency, invoice_date from sold_line
    where vat_amount is not null and invoice_date <= $as_of
),
rate as materialized (
    select currency, invoice_date, eur_rate(currency, invoice_date) as rate
    from (select distinct currency, invoice_date from billed)
)
select b.account_id, sum(b.net_amount * r.rate) as net, sum((b.net_amount + b.vat_amount) * r.rate) as billed
from billed b
join rate r on r.currency = b.currency and r.invoice_date = b.invoice_date
join seen_account($kam_scope, $kam_id, $account_id) a on a.account_id is not distinct from b.account_id
group by all
