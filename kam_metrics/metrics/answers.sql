-- Every sheet within the reader's scope: the answers of one person about one element of one account in one round. A kam or
-- an account asked for narrows later: what may be shown depends on the people around it too.
-- grain: round x respondent x account x element
select t.round_id, t.round_date, t.respondent, t.function, t.element, list(t.item order by t.item) as items,
    list(t.value order by t.item) as answers, max(t.invited) as invited, a.account_id, a.account_name, a.group_id, a.kam_id,
    a.segment, a.country
from answer t
join seen_account($kam_scope, null, null) a on a.account_id is not distinct from t.account_id
where t.round_date <= $as_of
group by all
order by t.round_date, t.round_id, t.respondent, t.function
