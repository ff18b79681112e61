-- grain: account: net and billed euros of the invoice lines that state their VAT
with billed as (
    select c.account_id, s.net_amount, s.vat_amount, s.currency, s.invoice_date
    from sales_line s
    join customer_account c
        on c.account_ref is not distinct from s.account_id
        and c.customer_no is not distinct from s.customer_no
        and c.source_system is not distinct from s.source_system
        and c.company_code is not distinct from s.company_code
        and s.invoice_date between c.from_day and c.until_day
    where s.vat_amount is not null and s.invoice_date <= $as_of
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
