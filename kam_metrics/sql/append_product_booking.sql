-- grain: batch x scope x shadow x customer as booked x month x product x service x credit note
-- Foreign money keeps its day, for its rate; so does a customer who changes account inside a month.
insert into product_booking
with moved as (select distinct customer_no from customer_link where day(valid_from) <> 1)
select s.batch_id, 'sales_lines', s.scope, s.shadow, s.account_id, s.customer_no,
    coalesce(s.source_system, b.source_system), s.company_code,
    case when s.currency <> 'EUR' or m.customer_no is not null then s.invoice_date
        else date_trunc('month', s.invoice_date)::date end as booked_on,
    min(s.invoice_date), max(s.invoice_date), s.product, s.product_category, s.value_added_service,
    s.doc_type is not distinct from 'CRN' as is_credit, s.product is not null and s.quantity is not null as is_counted,
    s.currency, sum(s.quantity), sum(s.net_amount), coalesce(sum(s.net_amount) filter (s.cogs_amount is not null), 0),
    coalesce(sum(s.cogs_amount), 0), coalesce(sum(s.net_amount) filter (s.vat_amount is not null), 0),
    coalesce(sum(s.vat_amount), 0), count(*)
from sales_lines s
join batch b using (batch_id)
left join moved m on m.customer_no = s.customer_no
where ($batch_id is null or s.batch_id = $batch_id)
  and ($customers is null or list_contains($customers, s.customer_no))
group by all;
