-- Every milestone this reader may see; one of an unknown plan belongs to no account.
-- grain: milestone
select m.milestone_id, m.plan_id, m.objective_id, m.title, m.owner, m.owner_side, m.owner_function, m.baseline_date,
    m.planned_date, m.done_date, coalesce(m.weight, 1) as weight, p.start_date, a.account_id, a.account_name, a.group_id,
    a.kam_id, a.segment, a.country
from milestone m
left join plan p on p.plan_id = m.plan_id
join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a on a.account_id is not distinct from p.account_id
where coalesce(p.start_date <= $as_of, true)
order by m.baseline_date, m.milestone_id
