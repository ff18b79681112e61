-- grain: moment x group asked, with how often each counted activity was done in the twelve whole months up to it
with moment as (
    select unnest($moments::int[]) as moment, unnest($first_months::date[]) as first_month,
        unnest($last_months::date[]) as last_month
),
called as (
    select unnest($activities::text[]) as activity, unnest($called::text[]) as name
),
done as (
    select d.account_id, d.month, c.activity, d.quantity
    from cost_driver d
    join called c on c.name = lower(d.activity)
    where $accounts::text[] is null or list_contains($accounts::text[], d.account_id)
)
select m.moment, {dims}
    sum(d.quantity) filter (d.activity = 'orders') as orders,
    coalesce(sum(d.quantity) filter (d.activity = 'returns'), 0) as returns,
    coalesce(sum(d.quantity) filter (d.activity = 'rush_orders'), 0) as rush_orders,
    coalesce(sum(d.quantity) filter (d.activity = 'complaint_hours'), 0) as complaint_hours
from done d
join moment m on d.month between m.first_month and m.last_month
left join account k on k.account_id = d.account_id
join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a on a.account_id is not distinct from k.account_id
group by all
