-- Receivables and what was paid, at each moment asked.
-- grain: moment x who, the asked dimensions (columns of the account, currency) as one number; open amounts by age in a list
with moment as materialized (
    select unnest($moments::int[]) as moment, unnest($days::date[]) as day, unnest($first_days::date[]) as first_day,
        unnest($last_days::date[]) as last_day
),
stock_day as (
    select distinct unnest([day, last_day, first_day - 1]) as day from moment
),
seen as materialized (
    select account_id as seen_id, coalesce(intercompany, false) as intercompany, {
        'account_id': case when list_contains($by, 'account_id') then account_id end,
        'account_name': case when list_contains($by, 'account_name') then account_name end,
        'group_id': case when list_contains($by, 'group_id') then group_id end,
        'kam_id': case when list_contains($by, 'kam_id') then kam_id end,
        'segment': case when list_contains($by, 'segment') then segment end,
        'country': case when list_contains($by, 'country') then country end
    } as account
    from seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id)
    where $accounts::text[] is null or list_contains($accounts::text[], account_id)
),
shown as materialized (
    select account, currency, row_number() over () as who
    from (select distinct account from seen)
    cross join (select distinct case when list_contains($by, 'currency') then currency end as currency from receivable_span)
),
-- grain: receivables of an account that is seen, as far as they are alike
item as not materialized (
    select w.who, r.*, not r.factored and not s.intercompany as is_behaviour,
        r.told_from <= $as_of and r.told_until > $as_of as is_told,
        $with_sales and is_told and is_behaviour and r.doc_type in ('INV', 'CRN') as is_sale
    from receivable_span r
    join seen s on s.seen_id is not distinct from r.account_id
    join shown w
        on w.account = s.account
        and w.currency is not distinct from case when list_contains($by, 'currency') then r.currency end
),
-- grain: stock day x who x currency x bucket x disputed or not x payment or not
stock as materialized (
    select day, who, currency, is_behaviour, disputed, doc_type = 'PAY' as is_payment,
        case
            when doc_type in ('CRN', 'PAY') or open_amount < 0 then 'unapplied'
            when due_date is null then 'unknown'
            when due_date >= day then 'not_due'
            when day - due_date <= 30 then '1-30'
            when day - due_date <= 60 then '31-60'
            when day - due_date <= 90 then '61-90'
            else '>90'
        end as bucket,
        sum(open_amount) as open_amount
    from item
    join stock_day on open_from <= day and open_until > day
    where open_amount <> 0
    group by all
),
eur as materialized (
    select d.day, c.currency, case when list_contains($by, 'currency') then 1 else eur_rate(c.currency, d.day) end as rate
    from (select day from moment union select $as_of) d
    cross join (select distinct currency from receivable_span) c
),
-- grain: moment x currency, with the rate of a balance and that of a flow
rated as materialized (
    select m.*, b.currency, b.rate, f.rate as flow_rate
    from moment m
    join eur b on b.day = m.day
    join eur f on f.day = $as_of and f.currency = b.currency
),
-- grain: moment x who x bucket
aged as (
    select m.moment, s.who, s.bucket as ageing_bucket,
        sum(s.open_amount * m.rate) filter (s.day = m.day) as open,
        sum(s.open_amount * m.rate) filter (s.day = m.day and s.disputed) as disputed,
        sum(s.open_amount * m.rate) filter (s.day = m.day and s.is_behaviour) as behaviour_open,
        sum(s.open_amount * m.rate) filter (s.day = m.first_day - 1) as open_before,
        sum(s.open_amount * m.rate) filter (s.day = m.last_day) as open_after,
        sum(s.open_amount * m.rate) filter (s.day = m.first_day - 1 and s.is_payment) as paid_before,
        sum(s.open_amount * m.rate) filter (s.day = m.last_day and s.is_payment) as paid_after,
        sum(s.open_amount * m.rate) filter (s.day = m.first_day - 1 and s.is_behaviour) as opening,
        sum(s.open_amount * m.rate) filter (s.day = m.last_day and s.is_behaviour) as closing,
        min(s.currency) filter (m.rate is null) as unrated_stock
    from rated m
    join stock s on s.currency = m.currency and s.day in (m.day, m.last_day, m.first_day - 1)
    group by all
),
-- grain: moment x who
balance as materialized (
    select moment, who, sum(open) as open, sum(open) filter (ageing_bucket = 'not_due') as not_due,
        sum(open) filter (ageing_bucket in ('1-30', '31-60', '61-90', '>90')) as overdue, sum(disputed) as disputed,
        sum(behaviour_open) as behaviour_open,
        sum(behaviour_open) filter (ageing_bucket = 'not_due') as behaviour_not_due, sum(open_before) as open_before,
        sum(open_after) as open_after, sum(paid_before) as paid_before, sum(paid_after) as paid_after,
        sum(opening) as opening, sum(closing) as closing,
        sum(closing) filter (ageing_bucket = 'not_due') as closing_not_due, min(unrated_stock) as unrated_stock,
        list({'ageing_bucket': ageing_bucket, 'open': open, 'unrated_stock': unrated_stock})
            filter (open <> 0 or open is null) as ageing
    from aged
    group by all
),
-- grain: month that a moment breaks
cut as materialized (
    select distinct date_trunc('month', day)::date as month
    from (select unnest([day, last_day, first_day - 1]) as day from moment)
    where day < last_day(day)
),
-- grain: who x currency x month, or day of a month that is broken
sale as materialized (
    select i.who, i.currency, i.month, case when c.month is null then i.month else i.invoice_date end as day,
        sum(i.amount) as amount
    from (
        select *, date_trunc('month', invoice_date)::date as month
        from item
        where is_sale
    ) i
    left join cut c using (month)
    group by all
),
-- grain: moment x who x month of what was sold by its day or in its period; a month that the day breaks holds its days
month_sale as materialized (
    select m.moment, m.day, s.who, s.month,
        sum(s.amount * m.rate) filter (s.day <= m.day) as sales,
        sum(s.amount * m.rate) filter (s.day between m.first_day and m.last_day) as period_sales,
        sum(s.amount * m.flow_rate) filter (s.day between m.first_day and m.last_day) as period_flow,
        min(s.currency) filter (m.rate is null and s.day <= m.day) as unrated,
        min(s.currency) filter (m.flow_rate is null and s.day between m.first_day and m.last_day) as unrated_period
    from rated m
    join sale s on s.currency = m.currency and s.day <= greatest(m.day, m.last_day)
    group by all
),
sold as (
    select moment, who, sum(sales) as sales, sum(period_sales) as period_sales, sum(period_flow) as period_flow,
        min(unrated) as unrated_sales, min(unrated_period) as unrated_period
    from month_sale
    group by all
),
-- grain: moment x who
sold_lately as (
    select m.moment, i.who, sum(i.amount * m.rate) as sales_90
    from rated m
    join item i on i.is_sale and i.currency = m.currency and i.invoice_date > m.day - 90 and i.invoice_date <= m.day
    group by all
),
-- Months' sales are taken off the balance newest first; the month in which it runs out counts for its part.
counted_back as (
    select t.moment, t.who, arg_max(
        greatest(0, t.day - last_day(t.month))
        + (b.behaviour_open - (t.total - t.sales))::double / t.sales::double
        * (least(t.day, last_day(t.month)) - t.month + 1),
        t.month
    ) as count_back_days
    from (
        select *, sum(sales) over (partition by moment, who order by month desc) as total
        from month_sale
        where sales is not null
    ) t
    join balance b on b.moment = t.moment and b.who = t.who
    where t.total >= b.behaviour_open and b.behaviour_open > 0
    group by all
),
-- grain: moment x who; an item cleared by its own payment is money in, the payment item itself would take it out again
cleared as (
    select m.moment, i.who,
        sum(i.amount * m.flow_rate) filter (i.doc_type <> 'PAY') as collections,
        sum(i.amount * m.flow_rate) filter (i.doc_type = 'INV' and i.is_behaviour) as paid,
        sum(i.amount * m.flow_rate * (i.cleared_date - i.invoice_date)) filter (i.doc_type = 'INV' and i.is_behaviour)
            as paid_days,
        sum(i.amount * m.flow_rate) filter (i.doc_type = 'INV' and i.is_behaviour and i.due_date is not null)
            as paid_with_due,
        sum(i.amount * m.flow_rate * greatest(0, i.cleared_date - i.due_date))
            filter (i.doc_type = 'INV' and i.is_behaviour) as late_days,
        min(i.currency) filter (m.flow_rate is null) as unrated_cleared
    from rated m
    join item i on i.is_told and i.currency = m.currency and i.cleared_date between m.first_day and m.last_day
    group by all
),
-- grain: who x book x kind of item, with the day from which such items are known
began as (
    select who, book, snapshot_date is not null as is_snapshot, is_behaviour, factored,
        snapshot_date is null or cleared_date is not null as knows_clearing,
        min(coalesce(snapshot_date, invoice_date)) as known_from
    from item
    group by all
),
-- grain: moment x who of which anything is known by then
known as (
    select m.moment, i.who, bool_or(i.knows_clearing) as knows_clearing, bool_or(i.is_behaviour) as has_behaviour,
        bool_or(i.factored) as has_factored, bool_or(f.first_list >= m.first_day) as lacks_opening
    from moment m
    join began i on i.known_from <= m.day
    left join (
        select book, min(snapshot_date) as first_list from receivable_span where snapshot_date is not null group by all
    ) f on f.book = i.book and i.is_snapshot
    group by all
)
select w.account, w.currency, k.* exclude (who), b.* exclude (moment, who), s.* exclude (moment, who), l.sales_90,
    t.count_back_days, c.* exclude (moment, who)
from known k
join shown w on w.who = k.who
left join balance b on b.moment = k.moment and b.who = k.who
left join sold s on s.moment = k.moment and s.who = k.who
left join sold_lately l on l.moment = k.moment and l.who = k.who
left join counted_back t on t.moment = k.moment and t.who = k.who
left join cleared c on c.moment = k.moment and c.who = k.who
