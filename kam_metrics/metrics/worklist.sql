-- grain: reference (customer number or account id) that belongs to no account
select unmapped_ref, origin, currency,
    sum(amount) filter (line_type in ('gross_sales', 'discount', 'price_difference', 'credit_note', 'rebate')) as net_sales,
    sum(line_count)::bigint as line_count, min(first_day) as first_day, max(last_day) as last_day
from account_month
where account_id is null and unmapped_ref is not null and scenario = 'actual'
  and $kam_scope is null and $kam_id is null and $account_id is null
group by all
order by abs(net_sales) desc nulls last, unmapped_ref, origin;
