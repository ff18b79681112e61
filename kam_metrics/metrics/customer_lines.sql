-- grain: posting, invoice line or receivable of a reference (customer number or account id) that belongs to no account
with
booked as (
  select posting_date, document, origin, line_type, product, amount, currency, batch_id, account_id, unmapped_ref
  from account_line
  where scenario = 'actual'
  union all
  select invoice_date, doc_no, 'receivables', null, null, amount, currency, batch_id, account_id, unmapped_ref
  from receivable
)
select posting_date, document, origin, line_type, product, amount, currency, batch_id as load_id
from booked
where account_id is null and unmapped_ref = $customer
  and $kam_scope is null and $kam_id is null and $account_id is null and $group_id is null
order by posting_date desc, document, line_type
limit 500;
