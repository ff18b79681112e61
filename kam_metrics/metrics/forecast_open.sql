-- What stood open at the end of each day, and in which week it came in since, as far as is known.
-- grain: day x account x class x days past due x week of payment (its Monday) x currency; euros at the rate of that day
with day as (
    select unnest($days::date[]) as day
),
-- grain: item x snapshot; a book is the receivables of one company in one source
item as materialized (
    select r.account_id, a.account_name, a.group_id, r.doc_no, r.item_no, r.invoice_date, r.due_date, r.cleared_date,
        r.snapshot_date, r.amount, r.open_amount, r.currency,
        coalesce(r.source_system, '') || chr(31) || coalesce(r.company_code, '') as book,
        case
            when coalesce(r.doc_type, '') in ('CRN', 'PAY') then 'unapplied'
            when coalesce(r.factored, false) then 'factored'
            when coalesce(a.intercompany, false) then 'intercompany'
            when coalesce(r.disputed, false) then 'disputed'
            when r.due_date is null then 'no_due_date'
            else 'due'
        end as class
    from receivable r
    join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a on a.account_id is not distinct from r.account_id
),
-- grain: book, and whether it says when items were paid
book as materialized (
    select book, bool_or(snapshot_date is null or cleared_date is not null) as is_followed from item group by all
),
snapshot as materialized (
    select i.book, d.day, max(i.snapshot_date) as snapshot_date
    from (select distinct book, snapshot_date from item where snapshot_date is not null) i
    join day d on i.snapshot_date <= d.day
    group by all
),
-- grain: item, when it was paid as far as anything says so by the as-of date
settled as materialized (
    select book, doc_no, item_no, min(cleared_date) as cleared_date
    from item
    where cleared_date <= $as_of
    group by all
),
open_item as (
    select d.day, i.* exclude (snapshot_date, amount, open_amount, cleared_date), i.amount as open_amount
    from item i
    join day d on i.invoice_date <= d.day and coalesce(i.cleared_date, date '9999-12-31') > d.day
    anti join snapshot n on n.book = i.book and n.day = d.day
    where i.snapshot_date is null
    union all
    select n.day, i.* exclude (snapshot_date, amount, open_amount, cleared_date),
        coalesce(i.open_amount, case when i.cleared_date <= n.day then 0 else i.amount end)
    from item i
    join snapshot n on n.book = i.book and n.snapshot_date = i.snapshot_date
),
counted as (
    select o.day, o.account_id, o.account_name, o.group_id, o.currency,
        case when o.open_amount < 0 then 'unapplied' else o.class end as class, o.day - o.due_date as past_due, b.is_followed,
        case when s.cleared_date > o.day then date_trunc('week', s.cleared_date)::date end as paid_week,
        sum(o.open_amount::decimal(38, 4)) as amount
    from open_item o
    join book b on b.book = o.book
    left join settled s on s.book = o.book and s.doc_no = o.doc_no and s.item_no is not distinct from o.item_no
    where o.open_amount <> 0
    group by all
),
rate as materialized (
    select day, currency, eur_rate(currency, day) as rate from (select distinct day, currency from counted)
)
select c.*, (c.amount * r.rate)::decimal(38, 12) as euros
from counted c
join rate r on r.day = c.day and r.currency = c.currency
order by c.day, c.account_id nulls last;
