-- grain: relation of an audit file x month, with its account (null: nobody knows it); resolved as any customer number is
with asked as (
    select unnest($relations::text[]) as relation, unnest($months::date[]) as month
),
candidate as (
    select a.relation, a.month, l.account_id
    from asked a
    join customer_link l
        on l.customer_no = a.relation and l.valid_from <= last_day(a.month)
        and coalesce(l.source_system = $source::text, true)
    qualify rank() over (
        partition by a.relation, a.month
        order by (l.source_system is not null and $source::text is not null)::int desc, l.valid_from desc
    ) = 1
),
linked as (
    select relation, month, case when count(distinct account_id) = 1 then any_value(account_id) end as account_id
    from candidate
    group by all
)
select a.relation, a.month, c.account_id
from asked a
left join linked l using (relation, month)
left join account c on c.account_id = coalesce(l.account_id, a.relation);
