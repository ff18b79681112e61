-- grain: source x kind of extract: lines that count or were left out, and what they lack; a line counts once as flawed.
-- Warnings are those of the loads that count, null when none of these loads kept them
with line as (
    select coalesce(source_system, '') as source, kind, line_count as n, false as left_out, account_id is null as unmapped,
        kind = 'sales_lines' and not cost_known as no_cost, false as no_due
    from counted_booking
    where scenario = 'actual' and (kind = 'ledger' or line_type in ('gross_sales', 'credit_note'))
    union all
    select coalesce(source_system, ''), 'receivables', 1, false, account_id is null, false,
        due_date is null and coalesce(doc_type, case when amount < 0 then 'CRN' else 'INV' end) = 'INV'
    from receivable
    union all
    select coalesce(b.source_system, ''), b.kind, 1, true, false, false, false
    from quarantine q
    join live_batch b using (batch_id)
),
warned as (
    select coalesce(b.source_system, '') as source, b.kind,
        sum(coalesce(list_sum(map_values(w.told)), 0)) filter (w.batch_id is not null)::bigint as warnings,
        count(*) filter (w.batch_id is null) as unwarned_loads
    from live_batch b
    left join batch_warning w using (batch_id)
    group by all
),
found as (
    select source, kind, sum(n)::bigint as lines, coalesce(sum(n) filter (left_out), 0)::bigint as left_out,
        coalesce(sum(n) filter (unmapped), 0)::bigint as unmapped, coalesce(sum(n) filter (no_cost), 0)::bigint as no_cost,
        coalesce(sum(n) filter (no_due), 0)::bigint as no_due,
        coalesce(sum(n) filter (not (left_out or unmapped or no_cost or no_due)), 0)::double / sum(n) as flawless
    from line
    group by all
)
select *
from found
full join warned using (source, kind)
where lines is not null or warnings > 0 or unwarned_loads > 0 and kind in (select kind from found)
order by source, kind;
