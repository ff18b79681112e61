-- grain: batch whose rows or totals differ from what was read
with held as (
    select batch_id, count(*) as row_count, null::decimal(38, 4) as amount from accounts group by batch_id
    union all
    select batch_id, count(*) as row_count, null::decimal(38, 4) as amount from customer_map group by batch_id
    union all
    select batch_id, count(*) as row_count, null::decimal(38, 4) as amount from successions group by batch_id
    union all
    select batch_id, count(*) as row_count, sum(amount)::decimal(38, 4) as amount from ledger group by batch_id
    union all
    select batch_id, count(*) as row_count, sum(net_amount)::decimal(38, 4) as amount from sales_lines group by batch_id
    union all
    select batch_id, count(*) as row_count, sum(amount)::decimal(38, 4) as amount from receivables group by batch_id
    union all
    select batch_id, count(*) as row_count, null::decimal(38, 4) as amount from cost_drivers group by batch_id
    union all
    select batch_id, count(*) as row_count, null::decimal(38, 4) as amount from cost_rates group by batch_id
    union all
    select batch_id, count(*) as row_count, sum(amount)::decimal(38, 4) as amount from budget group by batch_id
    union all
    select batch_id, count(*) as row_count, sum(amount)::decimal(38, 4) as amount from account_balances group by batch_id
    union all
    select batch_id, count(*) as row_count, null::decimal(38, 4) as amount from plans group by batch_id
    union all
    select batch_id, count(*) as row_count, null::decimal(38, 4) as amount from objectives group by batch_id
    union all
    select batch_id, count(*) as row_count, null::decimal(38, 4) as amount from measurements group by batch_id
    union all
    select batch_id, count(*) as row_count, null::decimal(38, 4) as amount from milestones group by batch_id
    union all
    select batch_id, count(*) as row_count, null::decimal(38, 4) as amount from reviews group by batch_id
    union all
    select batch_id, count(*) as row_count, null::decimal(38, 4) as amount from alignment group by batch_id
    union all
    select batch_id, count(*) as row_count, null::decimal(38, 4) as amount from fx_rates group by batch_id
),
total as (select batch_id, sum(amount) as amount from batch_total group by batch_id)
select 'load ' || b.batch_id || ' ' || b.file_name || ': ' || b.row_count || ' / ' || coalesce(h.row_count, 0) || ' rows, '
    || coalesce(t.amount::text, '–') || ' / ' || coalesce(h.amount::text, '–') as difference
from batch b
left join held h using (batch_id)
left join total t using (batch_id)
where b.row_count is distinct from coalesce(h.row_count, 0) or t.amount is distinct from h.amount
order by b.batch_id;
