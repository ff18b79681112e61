-- grain: account x month x product whose rollup differs from the invoice lines that count
with rate as materialized (
    select currency, invoice_date, eur_rate(currency, invoice_date) as rate
    from (select distinct currency, invoice_date from sold_line)
),
lines as (
    select s.account_id, s.unmapped_ref, date_trunc('month', s.invoice_date)::date as month, s.product,
        s.doc_type is not distinct from 'CRN' as is_credit, coalesce(sum(s.quantity), 0) as quantity,
        coalesce(sum((s.net_amount * r.rate)::decimal(38, 12)), 0) as amount_eur,
        coalesce(sum((s.cogs_amount * r.rate)::decimal(38, 12)), 0) as cogs_eur,
        coalesce(sum((s.vat_amount * r.rate)::decimal(38, 12)), 0) as vat_eur, count(*) as line_count
    from sold_line s
    join rate r on r.currency = s.currency and r.invoice_date = s.invoice_date
    group by all
),
rolled as (
    select account_id, unmapped_ref, month, product, is_credit, sum(quantity) as quantity,
        sum(amount_eur) as amount_eur, sum(cogs_eur) as cogs_eur, sum(vat_eur) as vat_eur, sum(line_count) as line_count
    from product_month
    group by all
)
select coalesce(l.account_id, r.account_id, l.unmapped_ref, r.unmapped_ref, '–') || ' ' || coalesce(l.month, r.month)
    || ' ' || coalesce(l.product, r.product, '–') || ': ' || coalesce(l.amount_eur, 0) || ' / '
    || coalesce(r.amount_eur, 0) as difference
from lines l
full join rolled r
    on l.account_id is not distinct from r.account_id and l.unmapped_ref is not distinct from r.unmapped_ref
    and l.month = r.month and l.product is not distinct from r.product and l.is_credit = r.is_credit
where l.amount_eur is distinct from r.amount_eur or l.quantity is distinct from r.quantity
   or l.cogs_eur is distinct from r.cogs_eur or l.vat_eur is distinct from r.vat_eur or l.line_count is distinct from r.line_count
order by all;
