-- grain: account x month x currency in which invoice lines and receivables both hold documents, but not the same amount
with invoiced as (
    select account_id, date_trunc('month', invoice_date)::date as month, currency,
        case when bool_and(vat_amount is not null) then sum((net_amount + vat_amount)::decimal(38, 4)) end as amount
    from sold_line
    group by all
),
receivable_of as (
    select account_id, date_trunc('month', invoice_date)::date as month, currency, sum(amount::decimal(38, 4)) as amount
    from receivable
    where snapshot_date is null and coalesce(doc_type, 'INV') in ('INV', 'CRN')
    group by all
)
select coalesce(i.account_id, '–') || ' ' || strftime(i.month, '%Y-%m') || ': ' || i.amount || ' / ' || r.amount || ' '
    || i.currency as difference
from invoiced i
join receivable_of r
    on r.account_id is not distinct from i.account_id and r.month = i.month and r.currency = i.currency
where abs(i.amount - r.amount) > 1
order by i.month, i.account_id nulls last, i.currency
