-- grain: account x month x activity that is both posted and driven; the posted amount counts
select d.account_id || ' ' || strftime(d.month, '%Y-%m') || ' ' || d.activity || ': ' || d.quantity as difference
from cost_driver d
where exists (
    select 1 from account_month m
    where coalesce(m.account_id, m.unmapped_ref) = d.account_id and m.scenario = 'actual' and m.month = d.month and m.activity = lower(d.activity) and m.origin <> 'cost_drivers'
)
order by all;
