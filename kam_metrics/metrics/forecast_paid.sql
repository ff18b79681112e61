-- How accounts pay: invoices cleared in the two years up to each day, of every account in the reader's scope.
-- grain: day x place (an account, a group, or everybody) x start of counting (the due date, or the end of its month)
-- days late ascending, and the amount paid that late
with day as (
    select unnest($days::date[]) as day
),
paid as materialized (
    select r.account_id, a.group_id, r.currency, r.cleared_date, r.due_date, r.amount, r.item_count
    from receivable_span r
    join seen_account($kam_scope, null, null) a on a.account_id is not distinct from r.account_id
    where r.cleared_date is not null and r.due_date is not null and r.amount > 0 and r.doc_type = 'INV'
      and not r.factored and not coalesce(a.intercompany, false) and r.told_from <= $as_of and r.told_until > $as_of
),
rate as materialized (
    select currency, eur_rate(currency, $as_of) as rate from (select distinct currency from paid)
),
-- grain: day of payment, with the first and the last day that look back on it
looked_back as materialized (
    select p.cleared_date, min(d.day) as first_day, max(d.day) as last_day
    from (select distinct cleared_date from paid) p
    join day d on p.cleared_date <= d.day and p.cleared_date > d.day - 730
    group by all
),
alike as (
    select p.account_id, p.group_id, p.currency, b.first_day, b.last_day, s.start,
        p.cleared_date - case s.start when 'due' then p.due_date else last_day(p.due_date) end as late,
        sum(p.amount) as amount, sum(p.item_count) as items
    from paid p
    join looked_back b using (cleared_date)
    cross join (values ('due'), ('month_end')) s(start)
    group by all
),
counted as materialized (
    select d.day, a.account_id, a.group_id, a.start, a.late, sum(a.amount * r.rate) as amount, sum(a.items) as items
    from alike a
    join day d on d.day between a.first_day and a.last_day
    join rate r on r.currency = a.currency and r.rate is not null
    group by all
),
-- grain: the same, of each place
placed as (
    select day, 'own' as whose, account_id as place, start, late, amount, items from counted
    union all
    select day, 'group', group_id, start, late, sum(amount), sum(items) from counted where group_id is not null group by all
    union all
    select day, 'everybody', null, start, late, sum(amount), sum(items) from counted group by all
)
select day, whose, place, start, list(late order by late) as late, list(amount order by late) as paid,
    sum(items)::bigint as items
from placed
group by all;
