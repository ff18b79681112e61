-- What counts in the twelve whole months up to each moment and was booked by their end, and the same a year earlier;
-- from the rollup alone.
-- grain: moment x group asked x customer (an account, or a number that belongs to none)
with moment as (
    select unnest($moments::int[]) as moment, unnest($first_months::date[]) as first_month,
        unnest($last_months::date[]) as last_month
),
booked as (
    select m.moment, b.month >= m.first_month as is_now, b.account_id, coalesce(b.account_id, b.unmapped_ref) as customer,
        b.line_type, is_net_sales(b.line_type) as is_net, b.line_count,
        case when b.origin = 'capital' then b.amount_eur * $capital_rate else b.amount_eur end as amount,
        case when b.line_type = 'driven' then 'no_cost_rate:' || b.activity else 'no_rate:' || b.currency end as unpriced,
        coalesce(b.cost_known, (select bool_or(line_type = 'cogs') from account_month where scenario = 'actual')) as is_costed
    from dated_months($credit_notes) b
    join moment m
        on b.month between m.first_month and m.last_month and b.booked_in <= m.last_month
        or b.month between m.first_month - interval 1 year and m.last_month - interval 1 year
        and b.booked_in <= m.last_month - interval 1 year
    where b.scenario = 'actual' and ($accounts::text[] is null or list_contains($accounts::text[], b.account_id))
)
select b.moment, {dims} b.customer,
    coalesce(sum(b.amount) filter (is_now and is_net), 0) as net_sales,
    coalesce(sum(b.amount) filter (not is_now and is_net), 0) as net_sales_before,
    coalesce(sum(b.amount) filter (is_now and is_net and is_costed), 0) as costed,
    coalesce(sum(b.amount) filter (is_now and (is_net and is_costed or line_type = 'cogs' or list_contains($served, line_type))), 0) as contribution,
    coalesce(sum(b.amount) filter (not is_now and (is_net and is_costed or line_type = 'cogs' or list_contains($served, line_type))), 0) as contribution_before,
    coalesce(sum(b.amount) filter (is_now and line_type = 'capital_charge'), 0) as capital,
    count(*) filter (is_now and is_net and is_costed) > 0 as has_cost,
    count(*) filter (is_now and is_net and not is_costed) > 0 as lacks_cost,
    count(*) filter (is_now and is_net) > 0 as has_sales,
    min(b.unpriced) filter (b.amount is null and is_net) as unpriced_sales,
    min(b.unpriced) filter (b.amount is null and is_now and line_type <> 'capital_charge') as unpriced,
    min(b.unpriced) filter (b.amount is null and not is_now and line_type <> 'capital_charge') as unpriced_before,
    min(b.unpriced) filter (b.amount is null and is_now and line_type = 'capital_charge') as unpriced_capital
from booked b
join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a on a.account_id is not distinct from b.account_id
group by all
