-- grain: month of booking that a batch touches: its own, and of credit notes that name an invoice it brought or replaced
with invoice as (
    select doc_no from credited_invoice where batch_id = $batch_id
    union
    select c.doc_no from credited_invoice c
    join replaced r on r.kind = 'sales_lines' and r.scope = c.scope and r.batch_id = $batch_id
)
select distinct date_trunc('month', booked_on)::date as month from booking
where batch_id = $batch_id or ref_doc_no in (from invoice);
