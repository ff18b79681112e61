-- grain: receivables that are alike, with the days between which they stand open, and are the newest told of their items
insert into receivable_span
with item as materialized (
    select account_id, unmapped_ref, coalesce(source_system, '') || chr(31) || coalesce(company_code, '') as book, currency,
        coalesce(doc_type, case when amount < 0 then 'CRN' else 'INV' end) as doc_type,
        coalesce(disputed, false) as disputed, coalesce(factored, false) as factored, doc_no, item_no, invoice_date,
        due_date, cleared_date, snapshot_date, amount, open_amount
    from receivable
),
history as not materialized (select * from item where snapshot_date is null),
listed as not materialized (select * from item where snapshot_date is not null),
-- grain: book x list of open items, with the day of the next one
list as materialized (
    select *, row_number() over (partition by book order by snapshot_date) as number,
        lead(snapshot_date, 1, date '9999-12-31') over (partition by book order by snapshot_date) as next
    from (select distinct book, snapshot_date from listed)
),
spanned as (
    select h.* exclude (doc_no, item_no, open_amount), least(h.cleared_date, s.cleared_date) as paid_on,
        h.amount as open_amount, h.invoice_date as open_from,
        least(coalesce(h.cleared_date, date '9999-12-31'), coalesce(f.snapshot_date, date '9999-12-31')) as open_until,
        date '0001-01-01' as told_from, date '9999-12-31' as told_until
    from history h
    left join list f on f.book = h.book and f.number = 1
    left join (select book, doc_no, item_no, min(cleared_date) as cleared_date from listed group by all) s
        on s.book = h.book and s.doc_no = h.doc_no and s.item_no is not distinct from h.item_no
    union all
    select i.* exclude (doc_no, item_no, open_amount), least(min(i.cleared_date) over same, h.cleared_date),
        coalesce(i.open_amount, case when i.cleared_date <= i.snapshot_date then 0 else i.amount end),
        i.snapshot_date, l.next, i.snapshot_date,
        case when h.doc_no is null then lead(i.snapshot_date, 1, date '9999-12-31') over (same order by i.snapshot_date)
            else i.snapshot_date end
    from listed i
    join list l on l.book = i.book and l.snapshot_date = i.snapshot_date
    left join (select book, doc_no, item_no, min(cleared_date) as cleared_date from history group by all) h
        on h.book = i.book and h.doc_no = i.doc_no and h.item_no is not distinct from i.item_no
    window same as (partition by i.book, i.doc_no, i.item_no)
)
select account_id, unmapped_ref, book, currency, doc_type, disputed, factored, invoice_date, due_date, cleared_date,
    snapshot_date, paid_on, sum(amount), sum(open_amount), open_from, open_until, told_from, told_until, count(*)
from (select *, sign(amount) as way, sign(open_amount) as open_way from spanned)
group by account_id, unmapped_ref, book, currency, doc_type, disputed, factored, invoice_date, due_date, cleared_date,
    snapshot_date, paid_on, open_from, open_until, told_from, told_until, way, open_way;
