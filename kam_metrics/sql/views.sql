-- What is true now. Metrics read these views and the rollups, never the tables of the extracts.

-- grain: extract that counts
create or replace view live_batch as
select c.batch_id, b.kind, b.source_system
from change c
join batch b using (batch_id)
group by all
having arg_max(c.what, c.change_id) <> 'undo';

-- grain: month that is closed
create or replace view closed_month as
select month from change where what in ('close', 'reopen')
group by month
having arg_max(what, change_id) = 'close';

-- grain: act of a person upon a decision, with who did it when
create or replace view decision_act as
select d.*, c.who, c.changed_at from decision d join change c using (change_id);

-- grain: decision that somebody acted upon, as it stands since
create or replace view decided as
select * from decision_act
qualify row_number() over (partition by decision_id order by act_id desc) = 1;

-- grain: reader, with what stood on the Portfolio when they last said to have seen it
create or replace view last_look as
select l.*, c.changed_at from look l join change c using (change_id)
qualify row_number() over (partition by l.reader order by l.look_id desc) = 1;

-- grain: kind x scope, with the newest extract that replaced it
create or replace view live_replaced as
select r.kind, r.scope, max(r.batch_id) as batch_id
from replaced r
semi join live_batch using (batch_id)
group by all;

-- A row counts once: not when an earlier extract that still counts holds the very same row.
create or replace macro is_shadowed(shadow, since) as
shadow is not null and list_has_any(
    list_filter(shadow, lambda batch_id: batch_id >= since), (select list(batch_id) from live_batch)
);

-- What a replacement of a ledger covers.
create or replace macro ledger_scope(source_system, company_code, booked_on) as
coalesce(source_system, '') || '|' || coalesce(company_code, '') || '|' || strftime(booked_on, '%Y-%m');

-- grain: ledger posting, with what its row leaves unsaid
create or replace view whole_ledger as
select l.* replace (coalesce(l.currency, 'EUR') as currency, l.line_type::text as line_type),
    ledger_scope(b.source_system, l.company_code, l.posting_date) as scope
from (from ledger union all by name from ledger_brief) l
join batch b using (batch_id);

-- grain: row of the named kind in an extract that counts; replaced itself when its batch is older than `since`
create or replace macro held_rows(kind_name) as table
select t.*, b.source_system as batch_source, coalesce(r.batch_id, 0) as since
from query_table(case kind_name when 'ledger' then 'whole_ledger' else kind_name end) t
join live_batch b using (batch_id)
left join live_replaced r on r.kind = kind_name and r.scope = t.scope;

-- grain: row of the named kind that counts
create or replace macro live_rows(kind_name) as table
select * from held_rows(kind_name) where batch_id >= since;

-- grain: account
create or replace view latest_account as
select * from live_rows('accounts')
qualify row_number() over (partition by account_id order by batch_id desc, line desc) = 1;

-- grain: account x day from which its figures go to another
create or replace view succession as
select account_id, successor_id, coalesce(valid_from, date '0001-01-01') as valid_from
from live_rows('successions')
qualify row_number() over (partition by account_id, valid_from order by batch_id desc, line desc) = 1;

-- grain: day on which a succession begins x account x link of its chain; `path` is how one gets there
create or replace view succession_chain as
with recursive turn as (select date '0001-01-01' as day union select valid_from from succession),
step as (
    select t.day, s.account_id, arg_max(s.successor_id, s.valid_from) as successor_id
    from turn t
    join succession s on s.valid_from <= t.day
    group by all
),
chain(day, account_id, heir_id, path) as (
    select day, account_id, successor_id, [account_id] from step
    union all
    select c.day, c.account_id, s.successor_id, list_append(c.path, c.heir_id)
    from chain c
    join step s on s.day = c.day and s.account_id = c.heir_id
    where not list_contains(c.path, c.heir_id)
)
select * from chain;

-- The accounts this reader may see; the one home of role safety. One all-null row stands for what belongs to no
-- account, and only an unnarrowed reader gets it.
create or replace macro seen_account(only_kam_scope, only_kam, only_account, only_group := null) as table
select * from account a
where (only_kam_scope is null or a.kam_id = only_kam_scope)
  and (only_kam is null or a.kam_id = only_kam)
  and (only_account is null or a.account_id = only_account)
  and (only_group is null or a.group_id = only_group)
union all by name
select null::text as account_id
where only_kam_scope is null and only_kam is null and only_account is null and only_group is null;

-- grain: customer number x source x company x day from which it belongs to the account
create or replace view customer_link as
select customer_no, account_id, coalesce(source_system, batch_source) as source_system, company_code,
    coalesce(valid_from, date '0001-01-01') as valid_from
from live_rows('customer_map')
qualify row_number() over (
    partition by customer_no, coalesce(source_system, batch_source), company_code, valid_from
    order by batch_id desc, line desc
) = 1;

-- grain: currency x day
create or replace view fx_rate as
select upper(currency) as currency, date, eur_per_unit from live_rows('fx_rates')
qualify row_number() over (partition by upper(currency), date order by batch_id desc, line desc) = 1;

-- Last rate on or before the day; 1 for euros, null when there is none. Wide, so that no amount overflows beside it.
create or replace macro eur_rate(of_currency, on_day) as
case when of_currency = 'EUR' then 1::decimal(38, 8) else (
    select arg_max(f.eur_per_unit, f.date)::decimal(38, 8) from fx_rate f
    where f.currency = of_currency and f.date <= on_day
) end;

-- grain: account as loaded x month x activity
create or replace view cost_driver as
select coalesce(h.heir_id, d.account_id) as account_id, d.month, d.activity, d.quantity, d.batch_id
from live_rows('cost_drivers') d
left join account_heir h on h.account_id = d.account_id and d.month between h.from_day and h.until_day
qualify row_number() over (partition by d.account_id, d.month, d.activity order by d.batch_id desc, d.line desc) = 1;

-- grain: activity x day from which the rate holds
create or replace view cost_rate as
select activity, unit, eur_per_unit, low, high, valid_from from live_rows('cost_rates')
qualify row_number() over (partition by activity, valid_from order by batch_id desc, line desc) = 1;

-- grain: account x month end x item
create or replace view account_balance as
select a.account_id, b.month_end, b.item, b.amount, b.currency
from live_rows('account_balances') b
left join account_heir h on h.account_id = b.account_id and b.month_end between h.from_day and h.until_day
left join account a on a.account_id = coalesce(h.heir_id, b.account_id)
qualify row_number() over (partition by b.account_id, b.month_end, b.item order by b.batch_id desc, b.line desc) = 1;

-- grain: plan
create or replace view plan as
select p.* exclude (batch_id, line, scope, batch_source, since, account_id), a.account_id
from live_rows('plans') p
left join account_heir h on h.account_id = p.account_id and p.start_date between h.from_day and h.until_day
left join account a on a.account_id = coalesce(h.heir_id, p.account_id)
qualify row_number() over (partition by p.plan_id order by p.batch_id desc, p.line desc) = 1;

-- grain: objective, as told last; it may have moved here from another plan
create or replace view objective as
select * exclude (batch_id, line, scope, batch_source, since) from held_rows('objectives')
qualify row_number() over (partition by objective_id order by batch_id desc, line desc) = 1 and batch_id >= since;

-- grain: objective x date
create or replace view measurement as
select objective_id, date, value, source from live_rows('measurements')
qualify row_number() over (partition by objective_id, date order by batch_id desc, line desc) = 1;

-- grain: milestone
create or replace view milestone as
select * exclude (batch_id, line, scope, batch_source, since) from held_rows('milestones')
qualify row_number() over (partition by milestone_id order by batch_id desc, line desc) = 1 and batch_id >= since;

-- grain: review
create or replace view review as
select r.* exclude (batch_id, line, scope, batch_source, since, account_id), a.account_id
from live_rows('reviews') r
left join account_heir h on h.account_id = r.account_id and r.due_date between h.from_day and h.until_day
left join account a on a.account_id = coalesce(h.heir_id, r.account_id)
qualify row_number() over (partition by r.review_id order by r.batch_id desc, r.line desc) = 1;

-- grain: round x respondent x account x item
create or replace view answer as
select t.round_id, t.round_date, t.respondent, t.function, t.item, t.value, a.account_id, t.invited,
    case left(t.item, 2)
        when 'SV' then 'shared_values' when 'ST' then 'style' when 'SK' then 'skills' when 'SF' then 'staff'
        when 'SR' then 'strategy' when 'SU' then 'structure' when 'SY' then 'systems' else t.item
    end as element
from live_rows('alignment') t
left join account_heir h on h.account_id = t.account_id and t.round_date between h.from_day and h.until_day
left join account a on a.account_id = coalesce(h.heir_id, t.account_id)
qualify row_number() over (
    partition by t.round_id, t.respondent, t.account_id, t.item order by t.batch_id desc, t.line desc
) = 1;

-- grain: ledger posting
create or replace view ledger_line as
select l.* exclude (source_system), l.batch_source as source_system
from (select *, null::text as source_system from live_rows('ledger')) l
where not is_shadowed(l.shadow, l.since);

-- Rows of a relation that names its customer as booked, each with the account they belong to on that day.
create or replace macro owned_rows(relation) as table
select r.*, c.account_id, case when c.account_id is null then coalesce(r.account_ref, r.customer_no) end as unmapped_ref
from query_table(relation) r
join customer_account c
    on c.account_ref is not distinct from r.account_ref
    and c.customer_no is not distinct from r.customer_no
    and c.source_system is not distinct from r.source_system
    and c.company_code is not distinct from r.company_code
    and r.booked_on between c.from_day and c.until_day;

-- Of those, the rows that count: of a relation that also names the kind of each row.
create or replace macro counted_rows(relation) as table
select o.*
from owned_rows(relation) o
join live_batch using (batch_id)
left join live_replaced r on r.kind = o.kind and r.scope = o.scope
where o.batch_id >= coalesce(r.batch_id, 0) and not is_shadowed(o.shadow, coalesce(r.batch_id, 0));

-- grain: invoice line, as booked
create or replace view sales_line as
select s.* exclude (account_id, source_system), s.account_id as account_ref, s.invoice_date as booked_on,
    coalesce(s.source_system, s.batch_source) as source_system
from live_rows('sales_lines') s
where not is_shadowed(s.shadow, s.since);

-- grain: invoice line, with its account
create or replace view sold_line as select * from owned_rows('sales_line');

-- grain: receivable item x snapshot, as booked
create or replace view receivable_item as
select r.* exclude (account_id), r.account_id as account_ref, r.invoice_date as booked_on,
    r.batch_source as source_system
from live_rows('receivables') r
where not is_shadowed(r.shadow, r.since);

-- grain: receivable item x snapshot, with its account
create or replace view receivable as select * from owned_rows('receivable_item');

-- What an invoice line books, signed as its effect on profit; a credit note's net is a credit note only.
create or replace macro booked_amounts(doc_type, list_amount, discount_amount, net_amount, cogs_amount, freight_amount) as [
    {'line_type': 'gross_sales', 'amount': case when doc_type = 'CRN' then null
        else coalesce(list_amount, net_amount + coalesce(discount_amount, 0))::decimal(38, 4) end},
    {'line_type': 'discount', 'amount': case when doc_type = 'CRN' then null else -discount_amount::decimal(38, 4) end},
    {'line_type': 'price_difference', 'amount': case when doc_type = 'CRN' then null
        else nullif((net_amount - (list_amount - coalesce(discount_amount, 0)))::decimal(38, 4), 0) end},
    {'line_type': 'credit_note', 'amount': case when doc_type = 'CRN' then net_amount::decimal(38, 4) end},
    {'line_type': 'cogs', 'amount': -cogs_amount::decimal(38, 4)},
    {'line_type': 'freight', 'amount': -freight_amount::decimal(38, 4)}
];

-- grain: posting of any extract, before it is known whose it is
create or replace view posting as
select batch_id, 'ledger' as kind, scope, shadow, account_id as account_ref, customer_no, b.source_system,
    company_code, posting_date as booked_on, line_type, currency, 'actual' as scenario, true as cost_known,
    amount::decimal(38, 4) as amount, product, null::text as product_category, document, null::text as ref_doc_no,
    for_month
from whole_ledger
join batch b using (batch_id)
union all
select s.batch_id, 'sales_lines', s.scope, s.shadow, s.account_id, s.customer_no,
    coalesce(s.source_system, b.source_system), s.company_code, s.invoice_date, s.booked.line_type, s.currency,
    'actual', s.cogs_amount is not null, s.booked.amount, s.product, s.product_category, s.doc_no,
    case when s.doc_type = 'CRN' then s.ref_doc_no end, null
from (
    select *, unnest(booked_amounts(
        doc_type, list_amount, discount_amount, net_amount, cogs_amount, freight_amount
    )) as booked
    from sales_lines
) s
join batch b using (batch_id)
where s.booked.amount is not null
union all
select batch_id, 'budget', scope, shadow, account_id, null, null, null, month, line_type, 'EUR',
    coalesce(scenario, 'budget'), true, amount, null, null, null, null, null
from budget;

-- grain: invoice that a credit note names and that counts, with the month in which it was made
create or replace view credited as
select c.source_system, c.company_code, c.doc_no, date_trunc('month', min(c.invoice_date))::date as month
from credited_invoice c
join live_batch l on l.batch_id = c.batch_id
left join live_replaced r on r.kind = 'sales_lines' and r.scope = c.scope
where c.batch_id >= coalesce(r.batch_id, 0) and not is_shadowed(c.shadow, coalesce(r.batch_id, 0))
group by all;

-- The month that a posting belongs to: the one it names, or that of the invoice it credits, or the one it was booked in.
create or replace macro own_month(booked_in, named, invoiced_in) as
coalesce(named, least(booked_in, invoiced_in));

-- Where a credit note counts when it does not follow its invoice; what a posting says of itself always holds.
create or replace macro counted_month(of_origin, booked_in, belongs_to, credit_notes) as
case when of_origin = 'sales_lines' and credit_notes = 'posting' then booked_in else belongs_to end;

-- The day in that month on which something booked on another day counts: the nearest one.
create or replace macro day_in(of_month, booked_on) as least(greatest(booked_on, of_month), last_day(of_month));

-- The activity of cost-to-serve that a posting is about, if any.
create or replace macro activity_of(booked_type) as
case when booked_type in ('freight', 'service', 'sales_effort', 'marketing', 'other_cost_to_serve', 'bad_debt')
    then booked_type end;

-- The line types that make up cost to serve.
create or replace macro is_cost_to_serve(booked_type) as
booked_type = 'driven' or activity_of(booked_type) is not null;

-- Whether the cost price behind a line is known. Invoice lines say so themselves; where none of an account-month does,
-- the ledger's cost stands for all of them. A posting beside costed invoice lines says so too; else (null) it is known
-- when any cost was loaded at all.
create or replace macro is_cost_known(of_kind, by_line, covered, cost_posted) as
case when of_kind = 'sales_lines' then by_line or (cost_posted and not coalesce(covered, false)) is true
    when covered then by_line end;

-- grain: posting that counts, with its account and its euros (null: no rate); for days inside a month and for products
create or replace view account_line as
select p.account_id, p.unmapped_ref, p.booked_on as posting_date, date_trunc('month', p.booked_on)::date as month,
    p.line_type, activity_of(p.line_type) as activity, p.currency, p.scenario, p.kind as origin,
    is_cost_known(p.kind, p.cost_known, m.cost_known, m.cost_posted) as cost_known,
    p.amount::decimal(38, 16) as amount,
    (p.amount * eur_rate(p.currency, p.booked_on))::decimal(38, 16) as amount_eur,
    1 as line_count, p.product, p.product_category, p.document, p.batch_id, p.account_ref, p.customer_no,
    own_month(date_trunc('month', p.booked_on)::date, p.for_month, i.month) as own_month
from counted_rows('posting') p
left join credited i
    on i.doc_no = p.ref_doc_no and i.source_system is not distinct from p.source_system
    and i.company_code is not distinct from p.company_code
left join sales_cover m
    on m.account_id is not distinct from p.account_id
    and m.unmapped_ref is not distinct from p.unmapped_ref
    and m.month = date_trunc('month', p.booked_on)
where not (p.kind = 'ledger' and list_contains(coalesce(m.line_types, []), p.line_type));

-- grain: booking that counts, with its account
create or replace view counted_booking as
select *, date_trunc('month', booked_on)::date as month from counted_rows('booking');

-- The line types that make up net sales.
create or replace macro is_net_sales(booked_type) as
booked_type in ('gross_sales', 'discount', 'price_difference', 'credit_note', 'rebate');

-- A rollup by month with the month and the days in which each of its rows counts.
create or replace macro dated_months(rollup, credit_notes) as table
select m.* replace (counted_month(m.origin, m.month, m.own_month, credit_notes) as month), m.month as booked_in,
    day_in(counted_month(m.origin, m.month, m.own_month, credit_notes), m.first_day) as from_day,
    day_in(counted_month(m.origin, m.month, m.own_month, credit_notes), m.last_day) as until_day
from query_table(rollup) m;

-- profit_month so, with what it leaves open until it is read: whether costs were loaded at all says which net sales have
-- no cost price.
create or replace macro dated_profit(credit_notes, is_costed) as table
select * exclude (undecided, undecided_lines) replace (
    case when is_costed then uncosted else coalesce(uncosted, 0) + coalesce(undecided, 0) end as uncosted,
    case when is_costed then uncosted_lines else coalesce(uncosted_lines, 0) + coalesce(undecided_lines, 0)
        end as uncosted_lines
)
from dated_months('profit_month', credit_notes);

-- Why an amount has no euros, as the words know it.
create or replace macro missing_rate(booked_type, of_activity, of_currency) as
case when booked_type = 'driven' then 'no_cost_rate:' || of_activity else 'no_rate:' || of_currency end;

-- account_line with the month and the day on which each line counts.
create or replace macro dated_lines(credit_notes) as table
select l.* replace (counted_month(l.origin, l.month, l.own_month, credit_notes) as month), l.month as booked_in,
    day_in(counted_month(l.origin, l.month, l.own_month, credit_notes), l.posting_date) as counted_on
from account_line l;
