-- grain: batch x scope x shadow x customer as booked x month x line type x currency x scenario x what it belongs to
-- Foreign money keeps its day, for its rate; so does a customer who changes account inside a month.
insert into booking
with moved as (select distinct customer_no from customer_link where day(valid_from) <> 1)
select p.batch_id, p.kind, p.scope, p.shadow, p.account_ref, p.customer_no, p.source_system, p.company_code,
    case when p.currency <> 'EUR' or m.customer_no is not null then p.booked_on
        else date_trunc('month', p.booked_on)::date end as booked_on,
    min(p.booked_on), max(p.booked_on), p.line_type, p.currency, p.scenario, p.cost_known,
    sum(p.amount), count(*), p.ref_doc_no, p.for_month
from posting p
left join moved m on m.customer_no = p.customer_no
where ($kind is null or p.kind = $kind) and ($batch_id is null or p.batch_id = $batch_id)
  and ($customers is null or list_contains($customers, p.customer_no))
group by all;
