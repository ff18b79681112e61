-- Every objective this reader may see, with its measurements; one of an unknown plan belongs to no account.
-- grain: objective
select o.objective_id, o.plan_id, o.title, o.kind, o.sales_component, o.unit, o.direction, o.baseline, o.target_30,
    o.target_60, o.target_90, coalesce(o.weight, 1) as weight, o.owner, o.mirror_of, p.start_date, a.account_id,
    a.account_name, a.group_id, a.kam_id, a.segment, a.country, coalesce(m.measured_on, []) as measured_on,
    coalesce(m.measured, []) as measured
from objective o
left join plan p on p.plan_id = o.plan_id
join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a on a.account_id is not distinct from p.account_id
left join (
    select objective_id, list(date order by date) as measured_on, list(value order by date) as measured
    from measurement
    where date <= $as_of
    group by objective_id
) m on m.objective_id = o.objective_id
where coalesce(p.start_date <= $as_of, true)
order by o.objective_id
