-- grain: account that was followed up x period in which its figures belong to the end of its chain
insert into account_heir
with turn as (select date '0001-01-01' as day union select valid_from from succession),
last_link as (
    select t.day, c.account_id, arg_max(c.heir_id, len(c.path)) as heir_id
    from turn t
    join succession_chain c on c.day = t.day
    group by all
)
select account_id, day, lead(day - 1, 1, date '9999-12-31') over (partition by account_id order by day), heir_id
from last_link;
