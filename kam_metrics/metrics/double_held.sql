-- grain: account (or unmapped reference) x month x line type x currency that ledger and sales lines both hold
with counted as (
    select c.account_id, case when c.account_id is null then coalesce(b.account_ref, b.customer_no) end as unmapped_ref,
        date_trunc('month', b.booked_on)::date as month, b.line_type, b.currency,
        sum(b.amount) filter (b.kind = 'ledger') as ledger, sum(b.amount) filter (b.kind = 'sales_lines') as sales_lines
    from booking b
    join live_batch using (batch_id)
    left join live_replaced r on r.kind = b.kind and r.scope = b.scope
    join customer_account c
        on c.account_ref is not distinct from b.account_ref and c.customer_no is not distinct from b.customer_no
        and c.source_system is not distinct from b.source_system
        and c.company_code is not distinct from b.company_code
        and b.booked_on between c.from_day and c.until_day
    where b.batch_id >= coalesce(r.batch_id, 0) and not is_shadowed(b.shadow, coalesce(r.batch_id, 0))
    group by all
)
select coalesce(account_id, unmapped_ref) as account_id, month, line_type, currency, coalesce(ledger, 0) as ledger,
    coalesce(sales_lines, 0) as sales_lines
from counted
window held as (partition by counted.account_id, unmapped_ref, month, line_type)
qualify count(counted.ledger) over held > 0 and count(counted.sales_lines) over held > 0
order by all;
