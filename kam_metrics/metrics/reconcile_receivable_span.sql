-- grain: account x currency x days between which receivables stand open (or day of the list that tells of them last) whose
-- rollup differs from the receivables that count
with item as materialized (
    select *, coalesce(account_id, unmapped_ref, '–') as account,
        coalesce(source_system, '') || chr(31) || coalesce(company_code, '') as book
    from receivable
),
list as materialized (select distinct book, snapshot_date from item where snapshot_date is not null),
fact as (
    select account, currency, coalesce(snapshot_date, invoice_date) as from_day, least(
        case when snapshot_date is null then coalesce(cleared_date, date '9999-12-31') else date '9999-12-31' end,
        coalesce((
            select min(l.snapshot_date) from list l
            where l.book = i.book and coalesce(l.snapshot_date > i.snapshot_date, true)
        ), date '9999-12-31')
    ) as until_day, coalesce(open_amount, case when cleared_date <= snapshot_date then 0 else amount end) as amount
    from item i
    union all
    select account, currency, date '0001-01-01', null, amount from item where snapshot_date is null
    union all
    select arg_max(account, snapshot_date), arg_max(currency, snapshot_date), max(snapshot_date), null,
        arg_max(amount, snapshot_date)
    from item
    group by book, doc_no, item_no
    having bool_and(snapshot_date is not null)
),
counted as (
    select account, currency, from_day, until_day, sum(amount) as amount, count(*) as line_count from fact group by all
),
rolled as (
    select coalesce(account_id, unmapped_ref, '–') as account, currency, open_from as from_day, open_until as until_day,
        sum(open_amount) as amount, sum(item_count) as line_count
    from receivable_span
    group by all
    union all
    select coalesce(account_id, unmapped_ref, '–'), currency, told_from, null, sum(amount), sum(item_count)
    from receivable_span
    where told_from < told_until and told_until = date '9999-12-31'
    group by all
)
select coalesce(c.account, r.account) || ' ' || coalesce(c.from_day, r.from_day)
    || coalesce(' – ' || coalesce(c.until_day, r.until_day), '') || ': ' || coalesce(c.amount, 0) || ' / '
    || coalesce(r.amount, 0) || ' ' || coalesce(c.currency, r.currency) as difference
from counted c
full join rolled r
    on r.account = c.account and r.currency = c.currency and r.from_day = c.from_day
    and r.until_day is not distinct from c.until_day
where c.amount is distinct from r.amount or c.line_count is distinct from r.line_count
order by all;
