-- grain: account (or unmapped reference) x month x product x service x credit note
insert into product_month
with counted as (
    select *, date_trunc('month', booked_on)::date as month from counted_rows('product_booking')
    where $months is null or list_contains($months, date_trunc('month', booked_on)::date)
)
select k.account_id, k.unmapped_ref, k.month, k.product, k.product_category, k.is_service, k.is_credit,
    k.is_counted, min(k.currency) filter (k.currency <> 'EUR' and f.eur_per_unit is null),
    coalesce(sum(k.quantity), 0),
    coalesce(sum((k.amount * case when k.currency = 'EUR' then 1 else f.eur_per_unit end)::decimal(38, 12)), 0),
    coalesce(sum((k.costed * case when k.currency = 'EUR' then 1 else f.eur_per_unit end)::decimal(38, 12)), 0),
    coalesce(sum((k.cogs * case when k.currency = 'EUR' then 1 else f.eur_per_unit end)::decimal(38, 12)), 0),
    sum(k.line_count), min(k.first_day), max(k.last_day)
from counted k
asof left join fx_rate f on f.currency = k.currency and f.date <= k.booked_on
group by all;
