-- grain: source, with the day of its newest fact
select coalesce(b.source_system, '') as source, max(b.max_date) as newest
from batch b
semi join live_batch using (batch_id)
where b.kind in ('ledger', 'sales_lines', 'receivables', 'account_balances', 'cost_drivers') and b.max_date is not null
group by all
order by newest, source;
