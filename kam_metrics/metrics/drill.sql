-- grain: line behind a step of the waterfall: posting or invoice line, activity at its rate, charge of a month
with line as (
    select account_id, unmapped_ref, counted_on as day, origin, document, product, line_type, activity, currency, amount,
        amount_eur, batch_id, {known} as is_costed, null::decimal(18, 8) as quantity, null::decimal(18, 8) as rate
    from dated_lines($credit_notes)
    where scenario = $scenario and counted_on between $from_date and $to_date and posting_date <= $known_until
      and list_contains($types, line_type)
      and ($customers is null or list_contains($customers, coalesce(account_ref, customer_no)))
    union all
    select m.account_id, m.unmapped_ref, d.month, 'cost_drivers', null, null, 'driven', d.activity, 'EUR',
        -d.quantity::decimal(38, 8) * r.eur_per_unit, -d.quantity::decimal(38, 8) * r.eur_per_unit, d.batch_id, true,
        d.quantity, r.eur_per_unit
    from cost_driver d
    asof left join cost_rate r on r.activity = d.activity and r.valid_from <= d.month
    join (
        select distinct account_id, unmapped_ref, month, activity from account_month
        where origin = 'cost_drivers' and scenario = $scenario and list_contains($types, line_type)
    ) m on coalesce(m.account_id, m.unmapped_ref) = d.account_id and m.month = d.month and m.activity = d.activity
    where d.month between $from_date and $to_date
    union all
    select account_id, unmapped_ref, last_day, 'capital', null, null, line_type, null, currency, null,
        (amount_eur * $capital_rate)::decimal(38, 16), null, true, null, null
    from account_month
    where origin = 'capital' and scenario = $scenario and list_contains($types, line_type)
      and last_day between $from_date and $to_date
),
behind as (
    select l.account_id, a.account_name, l.unmapped_ref, l.day, l.origin, l.document, l.product, l.line_type,
        l.activity, l.currency, l.amount, {sign} * l.amount_eur as amount_eur, l.batch_id, l.quantity, l.rate
    from line l
    join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a
        on a.account_id is not distinct from l.account_id
    where {which}
      and ($product::text is null or l.product = $product::text)
)
