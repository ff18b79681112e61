-- grain: account (or unmapped reference) x month for which sales lines are known
insert into sales_cover
select account_id, unmapped_ref, month, list(distinct line_type) filter (kind = 'sales_lines') as line_types,
    bool_or(line_type = 'cogs') filter (kind = 'sales_lines'), bool_or(line_type = 'cogs') filter (kind = 'ledger')
from counted_booking
where scenario = 'actual' and ($months is null or list_contains($months, month))
group by all
having line_types is not null;
