-- grain: batch x line type x currency whose bookings differ from its postings
with posted as (
    select batch_id, line_type, currency, sum(amount) as amount, count(*) as line_count from posting group by all
),
booked as (
    select batch_id, line_type, currency, sum(amount) as amount, sum(line_count) as line_count from booking group by all
)
select 'load ' || batch_id || ' ' || line_type || ': ' || coalesce(p.amount, 0) || ' / ' || coalesce(b.amount, 0)
    || ' ' || currency as difference
from posted p
full join booked b using (batch_id, line_type, currency)
where p.amount is distinct from b.amount or p.line_count is distinct from b.line_count
order by all;
