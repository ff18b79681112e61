-- grain: the one account asked for, if this reader may see it
select * from seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) where account_id is not null and $account_id is not null;
