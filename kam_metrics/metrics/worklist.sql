-- grain: reference (customer number or account id) that belongs to no account x source x company x kind x currency:
-- its net sales, or what receivables billed it
with nobodys as (
    select unmapped_ref, account_ref is null as is_customer, source_system, company_code, kind as origin, currency,
        case when is_net_sales(line_type) then amount end as amount, line_count, first_day, last_day
    from counted_booking
    where account_id is null and scenario = 'actual'
    union all
    select unmapped_ref, account_ref is null, source_system, company_code, 'receivables', currency, amount, 1, invoice_date, invoice_date
    from receivable
    where account_id is null
)
select unmapped_ref, is_customer, source_system, company_code, origin, currency, sum(amount) as amount,
    sum(line_count)::bigint as line_count, min(first_day) as first_day, max(last_day) as last_day
from nobodys
where unmapped_ref is not null and $kam_scope is null and $kam_id is null and $account_id is null and $group_id is null
group by all
order by abs(sum(amount)) desc nulls last, unmapped_ref, source_system, company_code, origin;
