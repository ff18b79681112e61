-- What stood open at the end of each day, and in which week it came in since, as far as is known.
-- grain: day x account x class x days past due x week of payment (its Monday) x currency; euros at the rate of that day
with day as (
    select unnest($days::date[]) as day
),
seen as materialized (
    select * from seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id)
),
-- grain: book, and whether it says when items were paid
book as materialized (
    select r.book, bool_or(r.snapshot_date is null or r.cleared_date is not null) as is_followed
    from receivable_span r
    join seen a on a.account_id is not distinct from r.account_id
    group by all
),
counted as (
    select d.day, r.account_id, a.account_name, a.group_id, r.currency,
        case
            when r.doc_type in ('CRN', 'PAY') or r.open_amount < 0 then 'unapplied'
            when r.factored then 'factored'
            when a.intercompany then 'intercompany'
            when r.disputed then 'disputed'
            when r.due_date is null then 'no_due_date'
            else 'due'
        end as class,
        d.day - r.due_date as past_due, b.is_followed,
        case when r.paid_on > d.day and r.paid_on <= $as_of then date_trunc('week', r.paid_on)::date end as paid_week,
        sum(r.open_amount) as amount
    from receivable_span r
    join day d on r.open_from <= d.day and r.open_until > d.day
    join seen a on a.account_id is not distinct from r.account_id
    join book b on b.book = r.book
    where r.open_amount <> 0
    group by all
),
rate as materialized (
    select day, currency, eur_rate(currency, day) as rate from (select distinct day, currency from counted)
)
select c.*, (c.amount * r.rate)::decimal(38, 12) as euros
from counted c
join rate r on r.day = c.day and r.currency = c.currency
order by c.day, c.account_id nulls last;
