-- grain: account, with the top of its group
insert into account
with recursive known as (
    select a.* exclude (parent_id), nullif(coalesce(h.heir_id, a.parent_id), a.account_id) as parent_id
    from latest_account a
    left join account_heir h on h.account_id = a.parent_id and h.until_day = date '9999-12-31'
    -- Of an account whose whole history went to another nothing is left to show.
    anti join account_heir gone on gone.account_id = a.account_id and gone.from_day = date '0001-01-01'
),
above(account_id, path, parent_id) as (
    select account_id, [account_id], parent_id from known
    union all
    select a.account_id, list_append(a.path, a.parent_id), p.parent_id
    from above a
    left join known p on p.account_id = a.parent_id
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
from known a
join top t using (account_id)
left join known g on g.account_id = t.group_id;
