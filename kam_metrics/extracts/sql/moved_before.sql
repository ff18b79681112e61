-- grain: account (or unmapped reference) x month x scenario
create or replace temp table moved_before as
select coalesce(account_id, unmapped_ref) as account, month, scenario,
    sum(amount_eur) filter (is_net_sales(line_type)) as net_sales, sum(amount_eur) as result
from account_month
group by all;
