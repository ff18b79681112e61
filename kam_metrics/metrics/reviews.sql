-- Every review this reader may see, held or still to come. grain: review
select r.review_id, r.plan_id, r.kind, r.due_date, r.held_date, r.decisions, r.next_steps, a.account_id, a.account_name,
    a.group_id, a.kam_id, a.segment, a.country
from review r
join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a
    on a.account_id is not distinct from r.account_id
order by r.due_date, r.review_id
