-- grain: account (or unmapped reference) x currency x book x month of its history, or snapshot after the first
-- opening + invoices + credit_notes + adjustments - payments + unexplained = closing
with item as not materialized (
    select coalesce(r.account_id, r.customer_no, '–') as account, r.doc_no, r.item_no, r.invoice_date,
        case when r.cleared_date <= $as_of then r.cleared_date end as cleared_date, r.snapshot_date,
        r.amount::decimal(38, 4) as amount, r.currency,
        coalesce(r.source_system, '') || chr(31) || coalesce(r.company_code, '') as book,
        coalesce(r.doc_type, case when r.amount < 0 then 'CRN' else 'INV' end) as doc_type,
        coalesce(r.open_amount, case when r.cleared_date <= r.snapshot_date then 0 else r.amount end)::decimal(38, 4) as open_amount
    from receivable r
    join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) s on s.account_id is not distinct from r.account_id
    where coalesce(r.snapshot_date, r.invoice_date) <= $as_of or r.cleared_date <= $as_of
),
-- grain: book x snapshot, with the one before it; a list that holds settled items too says what became of each
snapshot as materialized (
    select *, lag(snapshot_date) over (partition by book order by snapshot_date) as previous,
        min(snapshot_date) over (partition by book) as first_one
    from (
        select book, snapshot_date, bool_or(open_amount = 0) as lists_settled
        from item
        where snapshot_date is not null
        group by all
    )
),
history as not materialized (
    select i.*, s.first_one
    from item i
    left join (select distinct book, first_one from snapshot) s on s.book = i.book
    where i.snapshot_date is null
),
-- grain: item x its posting and its settlement; it stands open from the one to the other
happened as (
    select *, last_day(invoice_date) as until_day, date_trunc('month', invoice_date)::date - 1 as since_day, amount as posted, 0 as paid,
        case when cleared_date < invoice_date then 0 else amount end as moved
    from history
    union all
    select *, last_day(cleared_date), date_trunc('month', cleared_date)::date - 1, 0, amount, case when cleared_date < invoice_date then 0 else -amount end
    from history
    where cleared_date is not null
),
-- grain: item x snapshot after the first
pair as (
    select s.book, s.snapshot_date, s.previous, coalesce(new.account, old.account) as account, coalesce(new.currency, old.currency) as currency,
        coalesce(new.doc_no, old.doc_no) as doc_no, coalesce(new.doc_type, old.doc_type) as doc_type,
        coalesce(old.open_amount, 0) as opening, coalesce(new.open_amount, 0) as closing,
        case
            when old.doc_no is null then case when new.invoice_date > s.previous then new.amount else 0 end
            when new.doc_no is null then 0
            else new.amount - old.amount
        end as posted,
        old.doc_no is not null as is_old,
        case
            when old.doc_no is null and new.invoice_date <= s.previous and new.open_amount <> 0 then 'late'
            when new.doc_no is null and s.lists_settled and old.open_amount <> 0 and h.doc_no is null then 'vanished'
            when old.open_amount + new.amount - old.amount < new.open_amount and new.amount > 0 then 'grew'
            when old.open_amount + new.amount - old.amount > new.open_amount and new.amount < 0 then 'grew'
        end as strange
    from (select * from item where snapshot_date is not null) new
    full join (
        select i.*, n.snapshot_date as next_one
        from item i
        join snapshot n on n.book = i.book and n.previous = i.snapshot_date
    ) old
        on old.book = new.book and old.next_one = new.snapshot_date and old.doc_no = new.doc_no
        and old.item_no is not distinct from new.item_no
    join snapshot s
        on s.book = coalesce(new.book, old.book) and s.snapshot_date = coalesce(new.snapshot_date, old.next_one)
    left join history h
        on h.book = old.book and h.doc_no = old.doc_no and h.item_no is not distinct from old.item_no
        and h.cleared_date <= s.snapshot_date
    where s.previous is not null
),
-- grain: item x period
step as (
    select account, currency, book, until_day, since_day, doc_no, doc_type, posted, paid, moved, null as opening,
        'settled_before_posted' as strange
    from happened
    where first_one is null or until_day < first_one
    union all
    select account, currency, book, snapshot_date, previous, doc_no, case when is_old then 'ADJ' else doc_type end, posted,
        case when strange is null then opening + posted - closing else 0 end, closing - opening, opening, strange
    from pair
),
-- grain: document that moved otherwise than was posted and paid (all others together) x period
document as (
    select account, currency, book, until_day, since_day,
        case when moved - posted + paid <> 0 then doc_no end as strange_no, max(strange) as strange,
        sum(posted) filter (doc_type = 'INV') as invoices, sum(posted) filter (doc_type = 'CRN') as credit_notes,
        sum(posted) filter (doc_type = 'ADJ') as adjustments,
        sum(paid) - coalesce(sum(posted) filter (doc_type = 'PAY'), 0) as payments,
        sum(moved) as moved, sum(opening) as opening, sum(moved - posted + paid) as unexplained
    from step
    group by all
),
period as (
    select account, currency, book, until_day, since_day, coalesce(sum(invoices), 0) as invoices,
        coalesce(sum(credit_notes), 0) as credit_notes, coalesce(sum(adjustments), 0) as adjustments,
        sum(payments) as payments, sum(moved) as moved, sum(opening) as opening, sum(unexplained) as unexplained,
        list(strange_no || ' ' || strange order by strange_no) filter (unexplained <> 0) as strange
    from document
    group by all
)
select * exclude (moved, opening, book),
    coalesce(opening, sum(moved) over earlier - moved)::decimal(38, 4) as opening,
    coalesce(opening + moved, sum(moved) over earlier)::decimal(38, 4) as closing
from period
window earlier as (partition by account, currency, book order by until_day)
order by account, until_day, currency, book;
