-- grain: account x month: what an account ties up for a year (measures.md 3.1), unless its charge was posted
-- (Receivables incl. VAT + dedicated stock - prepayments, all at month end) x days / 365. The yearly rate is a setting
-- and comes in when it is read. Without an exchange rate the charge is unknown, in the currency that lacks it.
insert into account_month
with month_end as (
    select last_day(unnest(generate_series(date_trunc('month', min(day)), max(day), interval 1 month))::date) as day
    from (
        select unnest([invoice_date, cleared_date, snapshot_date]) as day from receivable_span
        union all select month_end from account_balances
    )
),
known_until as (
    select greatest(
        (select max(greatest(invoice_date, coalesce(cleared_date, invoice_date), coalesce(snapshot_date, invoice_date))) from receivable_span),
        (select last_day(max(month_end)) from account_balance)
    ) as day
),
-- grain: account x currency x month end up to which something was opened or settled
moved as (
    select account_id, currency, last_day(day) as day, sum(amount) as amount, sum(number) as number
    from (
        select account_id, currency, open_from as day, open_amount as amount, 1 as number
        from receivable_span where open_from < open_until
        union all
        select account_id, currency, open_until, -open_amount, -1 from receivable_span where open_from < open_until
    )
    group by all
),
standing as (
    select account_id, currency, day, sum(amount) over so_far as amount, sum(number) over so_far as number,
        lead(day - 1, 1, date '9999-12-31') over so_far as until_day
    from moved
    window so_far as (partition by account_id, currency order by day)
),
tied_up as (
    select m.day, s.account_id, s.currency, s.amount
    from month_end m
    join standing s on m.day between s.day and s.until_day and s.number > 0
    union all
    select last_day(month_end), account_id, currency, case item when 'stock' then amount when 'prepayment' then -amount end
    from account_balance
    where item in ('stock', 'prepayment')
    qualify month_end = max(month_end) over (partition by account_id, item, last_day(month_end))
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
