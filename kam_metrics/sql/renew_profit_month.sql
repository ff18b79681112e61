-- grain: account (or unmapped reference) x month x month it belongs to x scenario x origin
insert into profit_month
with line as (
    select *, case when amount_eur is not null then line_count end as priced, is_net_sales(line_type) as is_net,
        is_cost_to_serve(line_type) as is_served, coalesce(low_eur, amount_eur) as low,
        coalesce(high_eur, amount_eur) as high
    from account_month
    where ($months is null or list_contains($months, month))
      and ($is_capital is null or (origin = 'capital') = $is_capital)
)
select account_id, unmapped_ref, month, own_month, scenario, origin, min(first_day), max(last_day),
    bool_and(amount_eur is not null),
    sum(amount_eur) filter (line_type = 'gross_sales'), sum(priced) filter (line_type = 'gross_sales'),
    sum(amount_eur) filter (line_type = 'discount'), sum(priced) filter (line_type = 'discount'),
    sum(amount_eur) filter (line_type = 'price_difference'), sum(priced) filter (line_type = 'price_difference'),
    sum(amount_eur) filter (line_type = 'credit_note'), sum(priced) filter (line_type = 'credit_note'),
    sum(amount_eur) filter (line_type = 'rebate'), sum(priced) filter (line_type = 'rebate'),
    sum(amount_eur) filter (is_net), sum(priced) filter (is_net),
    sum(amount_eur) filter (is_net and not cost_known), sum(priced) filter (is_net and not cost_known),
    sum(amount_eur) filter (is_net and cost_known is null), sum(priced) filter (is_net and cost_known is null),
    sum(amount_eur) filter (line_type = 'cogs'), sum(priced) filter (line_type = 'cogs'),
    sum(amount_eur) filter (is_served), sum(low) filter (is_served), sum(high) filter (is_served),
    sum(priced) filter (is_served),
    sum(amount_eur) filter (line_type = 'capital_charge'), sum(priced) filter (line_type = 'capital_charge')
from line
group by all;
