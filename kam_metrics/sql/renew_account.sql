-- grain: account, with the top of its group
insert into account
with recursive above(account_id, path, parent_id) as (
    select account_id, [account_id], parent_id from latest_account
    union all
    select a.account_id, list_append(a.path, a.parent_id), p.parent_id
    from above a
    left join latest_account p on p.account_id = a.parent_id
    where a.parent_id is not null and not list_contains(a.path, a.parent_id)
),
-- Accounts that are each other's parent have no top: the first of the circle by name stands for it.
top as (
    select account_id, coalesce(list_min(path[list_position(path, parent_id):]), path[-1]) as group_id
    from above
    where parent_id is null or list_contains(path, parent_id)
)
select a.account_id, a.account_name, a.parent_id, t.group_id, coalesce(g.account_name, t.group_id), a.country,
    a.sector, a.segment, a.kam_id, a.kam_name, a.sponsor_id, a.sponsor_name, a.key_since, a.reason,
    a.payment_terms_days, coalesce(a.intercompany, false)
from latest_account a
join top t using (account_id)
left join latest_account g on g.account_id = t.group_id;
