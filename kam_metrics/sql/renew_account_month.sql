-- grain: account (or unmapped reference) x month x month it belongs to x line type x activity x currency x scenario
-- x origin
insert into account_month
with counted as (
    select * from counted_booking where $months is null or list_contains($months, month)
),
valued as (
    select k.*, v.line_types, v.cost_known as covered, v.cost_posted,
        case when k.currency = 'EUR' then 1 else f.eur_per_unit end as rate,
        own_month(k.month, k.for_month, i.month) as own_month
    from counted k
    asof left join fx_rate f on f.currency = k.currency and f.date <= k.booked_on
    left join sales_cover v
        on v.account_id is not distinct from k.account_id
        and v.unmapped_ref is not distinct from k.unmapped_ref and v.month = k.month
    left join credited i
        on i.doc_no = k.ref_doc_no and i.source_system is not distinct from k.source_system
        and i.company_code is not distinct from k.company_code
),
booked as (
    select account_id, unmapped_ref, month, line_type, activity_of(line_type) as activity, currency, scenario,
        kind as origin, is_cost_known(kind, cost_known, covered, cost_posted) as cost_known,
        sum(amount)::decimal(38, 16) as amount,
        case when bool_and(rate is not null) then sum((amount * rate)::decimal(38, 16)) end as amount_eur,
        sum(line_count) as line_count, min(first_day), max(last_day), own_month, null::decimal(38, 16) as low_eur,
        null::decimal(38, 16) as high_eur
    from valued
    where not (kind = 'ledger' and list_contains(coalesce(line_types, []), line_type))
    group by all
),
driven as (
    select a.account_id, case when a.account_id is null then d.account_id end as unmapped_ref, d.month,
        'driven' as line_type, d.activity, 'EUR' as currency, 'actual' as scenario, 'cost_drivers' as origin,
        true as cost_known, (-d.quantity::decimal(38, 8) * r.eur_per_unit)::decimal(38, 16) as amount,
        amount as amount_eur, 1 as line_count, d.month as first_day, d.month as last_day, d.month as own_month,
        (-d.quantity::decimal(38, 8) * coalesce(r.low, r.eur_per_unit))::decimal(38, 16) as low_eur,
        (-d.quantity::decimal(38, 8) * coalesce(r.high, r.eur_per_unit))::decimal(38, 16) as high_eur
    from cost_driver d
    asof left join cost_rate r on r.activity = d.activity and r.valid_from <= d.month
    left join account a on a.account_id = d.account_id
    where $months is null or list_contains($months, d.month)
)
select * from booked
union all
select d.* from driven d
anti join booked b
    on b.account_id is not distinct from d.account_id
    and b.unmapped_ref is not distinct from d.unmapped_ref and b.month = d.month
    and b.activity = lower(d.activity) and b.scenario = 'actual';
