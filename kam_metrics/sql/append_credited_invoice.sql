-- grain: batch x invoice that a credit note names
-- A new batch brings invoices that credit notes of any batch name, and credit notes that name invoices of any batch.
insert into credited_invoice
with named as (select distinct ref_doc_no from booking where ref_doc_no is not null),
newly_named as (
    select distinct ref_doc_no from booking
    where ref_doc_no is not null and ($batch_id is null or batch_id = $batch_id)
),
found as (
    select * from sales_lines where batch_id = $batch_id and doc_no in (from named)
    union all
    select * from sales_lines where batch_id is distinct from $batch_id and doc_no in (from newly_named)
)
select f.batch_id, f.scope, f.shadow, coalesce(f.source_system, b.source_system), f.company_code, f.doc_no,
    min(f.invoice_date)
from found f
join batch b using (batch_id)
anti join credited_invoice c on c.batch_id = f.batch_id and c.doc_no = f.doc_no
where f.doc_type is distinct from 'CRN'
group by all;
