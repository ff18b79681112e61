-- grain: account (or unmapped reference) x month x line type x currency that ledger and sales lines both hold
with counted as (
    select account_id, unmapped_ref, month, line_type, currency,
        sum(amount) filter (kind = 'ledger') as ledger, sum(amount) filter (kind = 'sales_lines') as sales_lines
    from counted_booking
    group by all
)
select coalesce(account_id, unmapped_ref) as account_id, month, line_type, currency, coalesce(ledger, 0) as ledger,
    coalesce(sales_lines, 0) as sales_lines
from counted
window held as (partition by counted.account_id, unmapped_ref, month, line_type)
qualify count(counted.ledger) over held > 0 and count(counted.sales_lines) over held > 0
order by all;
