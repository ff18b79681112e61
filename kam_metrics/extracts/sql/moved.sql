-- grain: account (or unmapped reference) x month x scenario whose figures differ from those in `moved_before`
with now as (
    select coalesce(account_id, unmapped_ref) as account, month, scenario,
        sum(amount_eur) filter (is_net_sales(line_type)) as net_sales, sum(amount_eur) as result
    from account_month
    group by all
)
select coalesce(n.account, b.account) as account, coalesce(n.month, b.month) as month,
    coalesce(n.scenario, b.scenario) as scenario,
    coalesce(n.net_sales, 0) - coalesce(b.net_sales, 0) as net_sales,
    coalesce(n.result, 0) - coalesce(b.result, 0) as result
from now n
full join moved_before b
    on b.account is not distinct from n.account and b.month = n.month and b.scenario = n.scenario
where n.net_sales is distinct from b.net_sales or n.result is distinct from b.result
order by abs(coalesce(n.result, 0) - coalesce(b.result, 0)) desc, 1, 2, 3;
