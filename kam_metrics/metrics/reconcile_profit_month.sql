-- grain: account x month x line of the profit statement whose rollup differs from account_month
with line as (
    select account_id, unmapped_ref, month, own_month, scenario, origin, line_count, unnest([
        {'line': case when not is_cost_to_serve(line_type) then line_type end, 'amount': amount_eur},
        {'line': case when is_net_sales(line_type) then 'net' end, 'amount': amount_eur},
        {'line': case when is_net_sales(line_type) then
            case cost_known when false then 'uncosted' when true then null else 'undecided' end end, 'amount': amount_eur},
        {'line': case when is_cost_to_serve(line_type) then 'served' end, 'amount': amount_eur},
        {'line': case when is_cost_to_serve(line_type) then 'served_low' end, 'amount': coalesce(low_eur, amount_eur)},
        {'line': case when is_cost_to_serve(line_type) then 'served_high' end, 'amount': coalesce(high_eur, amount_eur)}
    ], recursive := true)
    from account_month
    where amount_eur is not null
),
summed as (
    select account_id, unmapped_ref, month, own_month, scenario, origin, line, sum(amount) as amount,
        sum(line_count) as line_count
    from line
    where line is not null
    group by all
),
rolled as (
    unpivot (from profit_month) on
        (gross_sales, gross_sales_lines) as 'gross_sales', (discount, discount_lines) as 'discount',
        (price_difference, price_difference_lines) as 'price_difference', (credit_note, credit_note_lines) as 'credit_note',
        (rebate, rebate_lines) as 'rebate', (net, net_lines) as 'net', (uncosted, uncosted_lines) as 'uncosted',
        (undecided, undecided_lines) as 'undecided', (cogs, cogs_lines) as 'cogs', (served, served_lines) as 'served',
        (served_low, served_lines) as 'served_low', (served_high, served_lines) as 'served_high',
        (capital_charge, capital_charge_lines) as 'capital_charge'
    into name line value amount, line_count
)
select coalesce(s.account_id, r.account_id, s.unmapped_ref, r.unmapped_ref, '–') || ' ' || coalesce(s.month, r.month)
    || ' ' || coalesce(s.line, r.line) || ': ' || coalesce(s.amount, 0) || ' / ' || coalesce(r.amount, 0) as difference
from summed s
full join rolled r
    on s.account_id is not distinct from r.account_id and s.unmapped_ref is not distinct from r.unmapped_ref
    and s.month = r.month and s.own_month = r.own_month and s.scenario = r.scenario and s.origin = r.origin
    and s.line = r.line
where s.amount is distinct from r.amount or s.line_count is distinct from r.line_count
order by all;
