-- grain: period asked x account: how much its balances add to its cash flow from before the period to its end
with moment as (
    select unnest($moments::int[]) as moment, unnest($first_days::date[]) as first_day, unnest($last_days::date[]) as last_day
),
day as (
    select moment, first_day - 1 as day, -1 as sign from moment
    union all
    select moment, last_day, 1 from moment
),
-- grain: day x account x item, its newest balance
balance as (
    select d.moment, b.account_id, b.currency, b.item, d.sign * case b.item when 'stock' then -b.amount else b.amount end as amount
    from day d
    join account_balance b on b.month_end <= d.day and b.item in ('stock', 'prepayment', 'rebate_owed', 'write_off')
    qualify b.month_end = max(b.month_end) over (partition by d.moment, d.sign, b.account_id, b.item)
)
select b.moment, a.account_id, a.account_name, a.group_id, a.kam_id, a.segment, a.country,
    coalesce(sum(b.amount * eur_rate(b.currency, $as_of)) filter (b.item = 'stock'), 0) as stock,
    coalesce(sum(b.amount * eur_rate(b.currency, $as_of)) filter (b.item = 'prepayment'), 0) as prepayment,
    coalesce(sum(b.amount * eur_rate(b.currency, $as_of)) filter (b.item = 'rebate_owed'), 0) as rebate_owed,
    coalesce(sum(b.amount * eur_rate(b.currency, $as_of)) filter (b.item = 'write_off'), 0) as write_off,
    min(b.currency) filter (eur_rate(b.currency, $as_of) is null) as unrated
from balance b
join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a on a.account_id is not distinct from b.account_id
group by all
