-- grain: kind of extract that was loaded
select b.kind, count(*) as loads, sum(b.row_count)::bigint as row_count, max(b.max_date) filter (b.kind not in ('budget', 'milestones', 'reviews', 'fx_rates', 'cost_rates')) as newest
from batch b
semi join live_batch using (batch_id)
group by b.kind
order by b.kind;
