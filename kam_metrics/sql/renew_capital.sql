-- grain: account x month: what an account ties up for a year (measures.md 3.1), unless its charge was posted
-- (Receivables incl. VAT + dedicated stock - prepayments, all at month end) x days / 365. The yearly rate is a setting
-- and comes in when it is read. Without an exchange rate the charge is unknown, in the currency that lacks it.
insert into account_month
with month_end as (
    select last_day(unnest(generate_series(date_trunc('month', min(day)), max(day), interval 1 month))::date) as day
    from (
        select invoice_date as day from receivables union all select cleared_date from receivables
        union all select month_end from account_balances
    )
),
known_until as (
    select greatest(
        (select max(greatest(invoice_date, coalesce(cleared_date, invoice_date), coalesce(snapshot_date, invoice_date))) from receivable),
        (select max(month_end) from account_balance)
    ) as day
),
snapshot as (
    select m.day, r.company_code, r.source_system, max(r.snapshot_date) as snapshot_date
    from month_end m
    join receivable r on r.snapshot_date <= m.day
    group by all
),
tied_up as (
    select m.day, r.account_id, r.currency, r.amount
    from month_end m
    join receivable r on r.snapshot_date is null and r.invoice_date <= m.day
        and (r.cleared_date is null or r.cleared_date > m.day)
    union all
    select s.day, r.account_id, r.currency, coalesce(r.open_amount, r.amount)
    from snapshot s
    join receivable r on r.snapshot_date = s.snapshot_date
        and r.company_code is not distinct from s.company_code and r.source_system is not distinct from s.source_system
    union all
    select month_end, account_id, currency, case item when 'stock' then amount when 'prepayment' then -amount end
    from account_balance
    where item in ('stock', 'prepayment')
),
charged as (
    select account_id, date_trunc('month', day)::date as month, day,
        min(currency) filter (rate is null) as unpriced, sum((amount::decimal(38, 4) * rate)::decimal(38, 8)) as balance
    from (select *, eur_rate(currency, day) as rate from tied_up)
    where day <= (select day from known_until)
    group by all
)
select c.account_id, null, c.month, 'capital_charge', null, coalesce(c.unpriced, 'EUR'), 'actual', 'capital', true,
    case when c.unpriced is null then -((c.balance * 100000000)::hugeint * day(c.day) * 100000000 // 365)::decimal(38, 0)
        * 0.0000000000000001 end::decimal(38, 16) as amount, amount, 1, c.day, c.day,
    c.month, null, null
from charged c
anti join account_month p
    on p.account_id is not distinct from c.account_id and p.month = c.month and p.line_type = 'capital_charge'
    and p.scenario = 'actual';
