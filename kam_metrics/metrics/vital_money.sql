-- What counts in the twelve whole months up to each moment and was booked by their end, and the same a year earlier;
-- from the rollups alone: profit_month, and account_month for what has no euros.
-- grain: moment x group asked x customer (an account, or a number that belongs to none)
with moment as (
    select unnest($moments::int[]) as moment, unnest($first_months::date[]) as first_month,
        unnest($last_months::date[]) as last_month
),
booked as (
    select account_id, unmapped_ref, month, booked_in, net as net_sales,
        uncosted, uncosted_lines,
        coalesce(cogs, 0) + coalesce(served, 0) as costs,
        case when origin = 'capital' then capital_charge * $capital_rate else capital_charge end as capital,
        null as line_type, null as unpriced
    from dated_profit($credit_notes, $is_costed)
    where scenario = 'actual' and ($accounts::text[] is null or list_contains($accounts::text[], account_id))
    union all
    select account_id, unmapped_ref, month, booked_in, null, null,
        case when is_net_sales(line_type) and not coalesce(cost_known, $is_costed) then line_count end, null, null, line_type,
        missing_rate(line_type, activity, currency)
    from dated_months('account_month', $credit_notes)
    where scenario = 'actual' and amount_eur is null
      and ($accounts::text[] is null or list_contains($accounts::text[], account_id))
),
counted as (
    select m.moment, b.month >= m.first_month as is_now, b.*,
        coalesce(net_sales, 0) - coalesce(uncosted, 0) as costed, line_type = 'capital_charge' as is_capital
    from booked b
    join moment m
        on b.month between m.first_month and m.last_month and b.booked_in <= m.last_month
        or b.month between m.first_month - interval 1 year and m.last_month - interval 1 year
        and b.booked_in <= m.last_month - interval 1 year
)
select b.moment, {dims} coalesce(b.account_id, b.unmapped_ref) as customer,
    coalesce(sum(b.net_sales) filter (is_now), 0) as net_sales,
    coalesce(sum(b.net_sales) filter (not is_now), 0) as net_sales_before,
    coalesce(sum(b.costed) filter (is_now), 0) as costed,
    coalesce(sum(b.costed + b.costs) filter (is_now), 0) as contribution,
    coalesce(sum(b.costed + b.costs) filter (not is_now), 0) as contribution_before,
    coalesce(sum(b.capital) filter (is_now), 0) as capital,
    coalesce(sum(b.uncosted_lines) filter (is_now), 0) > 0 as lacks_cost,
    min(b.unpriced) filter (is_net_sales(line_type)) as unpriced_sales,
    min(b.unpriced) filter (is_now and not is_capital) as unpriced,
    min(b.unpriced) filter (not is_now and not is_capital) as unpriced_before,
    min(b.unpriced) filter (is_now and is_capital) as unpriced_capital
from counted b
join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a on a.account_id is not distinct from b.account_id
group by all
