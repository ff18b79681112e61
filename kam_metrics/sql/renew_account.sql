-- grain: account, with the top of its group
insert into account
with recursive above(account_id, group_id, parent_id, height) as (
    select account_id, account_id, parent_id, 0 from latest_account
    union all
    select a.account_id, a.parent_id, p.parent_id, a.height + 1
    from above a
    left join latest_account p on p.account_id = a.parent_id
    where a.parent_id is not null and a.parent_id <> a.account_id and a.height < 10
),
top as (select account_id, arg_max(group_id, height) as group_id from above group by all)
select a.account_id, a.account_name, a.parent_id, t.group_id, coalesce(g.account_name, t.group_id), a.country,
    a.sector, a.segment, a.kam_id, a.kam_name, a.sponsor_id, a.sponsor_name, a.key_since, a.reason,
    a.payment_terms_days, coalesce(a.intercompany, false)
from latest_account a
join top t using (account_id)
left join latest_account g on g.account_id = t.group_id;
