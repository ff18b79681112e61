-- grain: customer as booked x period; a link of the same source and company beats a general one, a later beats an earlier
insert into customer_account
with booked as (
    select distinct account_ref, customer_no, source_system, company_code from booking
    union
    select distinct r.account_id, r.customer_no, b.source_system, r.company_code from receivables r join batch b using (batch_id)
),
turn as (
    select b.*, date '0001-01-01' as from_day from booked b
    union
    select b.*, l.valid_from from booked b join customer_link l on l.customer_no = b.customer_no
    union
    select b.*, h.from_day from booked b join account_heir h on h.account_id = coalesce(b.account_ref, b.customer_no)
    union
    select b.*, h.from_day
    from booked b
    join customer_link l on l.customer_no = b.customer_no
    join account_heir h on h.account_id = l.account_id
),
candidate as (
    select t.*, l.account_id, (l.source_system is not null and t.source_system is not null)::int * 2
        + (l.company_code is not null and t.company_code is not null)::int as fit, l.valid_from
    from turn t
    join customer_link l
        on l.customer_no = t.customer_no and l.valid_from <= t.from_day
        and coalesce(l.source_system = t.source_system, true) and coalesce(l.company_code = t.company_code, true)
    where t.account_ref is null
    qualify rank() over (
        partition by t.customer_no, t.source_system, t.company_code, t.from_day order by fit desc, l.valid_from desc
    ) = 1
),
linked as (
    select customer_no, source_system, company_code, from_day,
        case when count(distinct account_id) = 1 then any_value(account_id) end as account_id
    from candidate
    group by all
)
select t.account_ref, t.customer_no, t.source_system, t.company_code, t.from_day,
    lead(t.from_day - 1, 1, date '9999-12-31') over (
        partition by t.account_ref, t.customer_no, t.source_system, t.company_code order by t.from_day
    ) as until_day,
    a.account_id
from turn t
left join linked l
    on l.customer_no = t.customer_no and l.from_day = t.from_day
    and l.source_system is not distinct from t.source_system and l.company_code is not distinct from t.company_code
left join account_heir h
    on h.account_id = coalesce(t.account_ref, l.account_id, t.customer_no)
    and t.from_day between h.from_day and h.until_day
left join account a on a.account_id = coalesce(h.heir_id, t.account_ref, l.account_id, t.customer_no);
