-- How accounts pay: invoices cleared in the two years up to each day, of every account in the reader's scope.
-- grain: day x account x start of counting (the due date, or the end of its month) x days late
with day as (
    select unnest($days::date[]) as day
),
item as (
    select account_id, doc_no, item_no, doc_type, amount, currency, due_date, cleared_date, factored, source_system, company_code
    from receivable
    where snapshot_date is null
    union all
    (
        select i.account_id, i.doc_no, i.item_no, i.doc_type, i.amount, i.currency, i.due_date, i.cleared_date, i.factored,
            i.source_system, i.company_code
        from receivable i
        anti join receivable h
            on h.snapshot_date is null and h.doc_no = i.doc_no and h.item_no is not distinct from i.item_no
            and h.source_system is not distinct from i.source_system and h.company_code is not distinct from i.company_code
        where i.snapshot_date <= $as_of
        qualify row_number() over (
            partition by i.source_system, i.company_code, i.doc_no, i.item_no order by i.snapshot_date desc
        ) = 1
    )
),
paid as materialized (
    select i.account_id, a.group_id, i.currency, i.cleared_date, i.due_date, sum(i.amount::decimal(38, 4)) as amount, count(*) as items
    from item i
    join seen_account($kam_scope, null, null) a on a.account_id is not distinct from i.account_id
    where i.cleared_date is not null and i.due_date is not null and i.amount > 0
      and coalesce(i.doc_type, 'INV') = 'INV' and not coalesce(i.factored, false) and not coalesce(a.intercompany, false)
    group by all
),
counted as (
    select *, cleared_date - case start when 'due' then due_date else last_day(due_date) end as late
    from paid
    cross join (values ('due'), ('month_end')) s(start)
),
rate as materialized (
    select currency, eur_rate(currency, $as_of) as rate from (select distinct currency from paid)
)
select d.day, p.account_id, p.group_id, p.start, p.late, sum(p.amount * r.rate) as amount, sum(p.items)::bigint as items
from day d
join counted p on p.cleared_date <= d.day and p.cleared_date > d.day - 730
join rate r on r.currency = p.currency and r.rate is not null
group by all;
