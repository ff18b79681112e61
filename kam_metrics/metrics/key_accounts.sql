-- grain: key account this reader may see; every account as long as none is named key
select account_id, account_name, kam_id, kam_name, sponsor_name, segment, key_since, reason
from seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id)
where account_id is not null
  and (segment = 'key' or not exists (select 1 from account where segment = 'key'))
order by account_name, account_id;
