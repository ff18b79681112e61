-- grain: account (or unmapped reference) x month x product x service x credit note
insert into product_month
with counted as (
    select *, date_trunc('month', booked_on)::date as month from counted_rows('product_booking')
    where $months is null or list_contains($months, date_trunc('month', booked_on)::date)
),
valued as (
    select k.*, case when k.currency = 'EUR' then 1 else f.eur_per_unit end as rate
    from counted k
    asof left join fx_rate f on f.currency = k.currency and f.date <= k.booked_on
)
select account_id, unmapped_ref, month, product, product_category, is_service, is_credit, is_counted,
    min(currency) filter (rate is null), coalesce(sum(quantity), 0),
    coalesce(sum((amount * rate)::decimal(38, 12)), 0), coalesce(sum((costed * rate)::decimal(38, 12)), 0),
    coalesce(sum((cogs * rate)::decimal(38, 12)), 0), coalesce(sum((taxed * rate)::decimal(38, 12)), 0),
    coalesce(sum((vat * rate)::decimal(38, 12)), 0), sum(line_count), min(first_day), max(last_day)
from valued
group by all;
