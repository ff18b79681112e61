-- grain: batch whose rows or totals differ from what was read
with held as (
    select batch_id, count(*) as row_count, null::decimal(38, 4) as amount
    from query_table([
        'accounts', 'customer_map', 'successions', 'cost_drivers', 'cost_rates', 'plans', 'objectives', 'measurements',
        'milestones', 'reviews', 'alignment', 'fx_rates'
    ], true)
    group by batch_id
    union all
    select batch_id, count(*), sum(amount)::decimal(38, 4)
    from query_table(['ledger', 'ledger_brief', 'receivables', 'budget', 'account_balances'], true)
    group by batch_id
    union all
    select batch_id, count(*), sum(net_amount)::decimal(38, 4) from sales_lines group by batch_id
),
total as (select batch_id, sum(amount) as amount from batch_total group by batch_id)
select 'load ' || b.batch_id || ' ' || b.file_name || ': ' || b.row_count || ' / ' || coalesce(h.row_count, 0) || ' rows, '
    || coalesce(t.amount::text, '–') || ' / ' || coalesce(h.amount::text, '–') as difference
from batch b
left join held h using (batch_id)
left join total t using (batch_id)
where b.row_count is distinct from coalesce(h.row_count, 0) or t.amount is distinct from h.amount
order by b.batch_id;
