-- grain: batch x scope x shadow x customer as booked x month x line type x currency x scenario x what it belongs to
-- Foreign money keeps its day, for its rate; so does a customer who changes account inside a month.
-- The ledger is summed by what tells its rows apart; what follows from that is added to the sums, which are few.
insert into booking
with moved as (select distinct customer_no from customer_link where day(valid_from) <> 1),
ledger_sum as (
    select p.batch_id, p.shadow, p.account_id, p.customer_no, p.company_code,
        case when p.currency <> 'EUR' or m.customer_no is not null then p.posting_date
            else date_trunc('month', p.posting_date)::date end as booked_on,
        min(p.posting_date) as first_day, max(p.posting_date) as last_day, p.line_type, p.currency,
        sum(p.amount) as amount, count(*) as line_count, p.for_month
    from ledger p
    left join moved m on m.customer_no = p.customer_no
    where ($kind is null or $kind = 'ledger') and ($batch_id is null or p.batch_id = $batch_id)
      and ($customers is null or list_contains($customers, p.customer_no))
    group by all
    union all by name
    select p.batch_id, p.account_id, date_trunc('month', p.posting_date)::date as booked_on,
        min(p.posting_date) as first_day, max(p.posting_date) as last_day, p.line_type,
        sum(p.amount) as amount, count(*) as line_count
    from ledger_brief p
    where ($kind is null or $kind = 'ledger') and ($batch_id is null or p.batch_id = $batch_id) and $customers is null
    group by all
)
select l.batch_id, 'ledger', ledger_scope(b.source_system, l.company_code, l.booked_on), l.shadow, l.account_id,
    l.customer_no, b.source_system, l.company_code, l.booked_on, l.first_day, l.last_day, l.line_type,
    coalesce(l.currency, 'EUR'), 'actual', true, l.amount, l.line_count, null, l.for_month
from ledger_sum l
join batch b using (batch_id)
union all
select p.batch_id, p.kind, p.scope, p.shadow, p.account_ref, p.customer_no, p.source_system, p.company_code,
    case when p.currency <> 'EUR' or m.customer_no is not null then p.booked_on
        else date_trunc('month', p.booked_on)::date end as booked_on,
    min(p.booked_on), max(p.booked_on), p.line_type, p.currency, p.scenario, p.cost_known,
    sum(p.amount), count(*), p.ref_doc_no, p.for_month
from posting p
left join moved m on m.customer_no = p.customer_no
where p.kind <> 'ledger' and ($kind is null or p.kind = $kind) and ($batch_id is null or p.batch_id = $batch_id)
  and ($customers is null or list_contains($customers, p.customer_no))
group by all;
