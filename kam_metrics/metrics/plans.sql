-- Every plan this reader may see that has started. grain: plan
select p.plan_id, p.title, p.status, p.start_date, p.signed_by, p.signed_on, p.joint, p.customer_ack_on, a.account_id,
    a.account_name, a.group_id, a.kam_id, a.segment, a.country
from plan p
join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a on a.account_id is not distinct from p.account_id
where p.start_date <= $as_of
order by p.start_date, p.plan_id
