-- What was loaded, as it was loaded. Nothing here is ever updated or deleted; the views say what is true now.
create table if not exists meta (name text primary key, value text not null);

-- grain: accepted extract
create sequence if not exists batch_seq;
create table if not exists batch (
    batch_id integer primary key default nextval('batch_seq'),
    kind text not null,
    file_name text not null,
    sha256 text not null,
    read_as text not null,
    source_system text,
    row_count bigint not null,
    min_date date,
    max_date date,
    profile text,
    new_rows bigint,
    changed_rows bigint,
    unchanged_rows bigint,
    disappearing_rows bigint
);
-- grain: accepted extract x currency
create table if not exists batch_total (batch_id integer not null, currency text not null, amount decimal(38, 4) not null);
-- grain: accepted extract: each warning about its lines to how many it was about; none of before this was kept
create table if not exists batch_warning (batch_id integer not null, told map(text, bigint) not null);
-- grain: accepted extract x what it replaced: rows of earlier extracts in this scope no longer count
create table if not exists replaced (batch_id integer not null, kind text not null, scope text not null);
-- grain: rejected line that an analyst chose to leave out
create table if not exists quarantine (batch_id integer not null, line bigint not null, raw text, problem text not null);
-- grain: act upon an extract, a month or a saved profile (`about`: in whose name, or which); appended only: the audit
-- chain, and the cache key
create sequence if not exists change_seq;
create table if not exists change (
    change_id integer primary key default nextval('change_seq'),
    batch_id integer,
    what text not null check (
        what in ('load', 'undo', 'redo', 'close', 'reopen', 'remember', 'forget', 'decide', 'look', 'weigh')
    ),
    who text not null,
    changed_at timestamp not null,
    hash text not null,
    month date,
    about text
);
-- grain: answers kept under a name for files with these headers; the newest row of a name counts, none without answers
create sequence if not exists saved_profile_seq;
create table if not exists saved_profile (
    saved_id integer primary key default nextval('saved_profile_seq'),
    name text not null, kind text not null, source_system text, fingerprint text not null, answers text,
    saved_by text not null, saved_at timestamp not null
);

-- grain: act of a person upon a decision that figures asked for: all that holds after it (who acted when: its entry in
-- the journal); appended only. `as_of` is the day of the figures it was decided on
create sequence if not exists decision_seq;
create table if not exists decision (
    act_id integer primary key default nextval('decision_seq'), change_id integer not null,
    decision_id text not null, as_of date not null, person text not null,
    owner text, due date, note text, is_done boolean not null
);
-- grain: weights of health that somebody kept; appended only: the newest counts. `told` is all of them, as JSON;
-- an empty one leaves it to what this installation says
create table if not exists weighing (
    change_id integer primary key, person text not null, reason text, told text not null
);
-- grain: reader who said to have seen the Portfolio, each time; appended only. `told` is what stood there, as JSON
create sequence if not exists look_seq;
create table if not exists look (
    look_id integer primary key default nextval('look_seq'), change_id integer not null,
    reader text not null, as_of date not null, told text not null
);

-- The extracts. `scope` is what a replacement covers; `shadow` lists earlier batches that hold the very same row.
create table if not exists accounts (
    batch_id integer not null, line bigint not null, scope text,
    account_id text not null, account_name text not null, parent_id text, country text, sector text, segment text,
    kam_id text, kam_name text, sponsor_id text, sponsor_name text, key_since date, reason text,
    payment_terms_days integer, intercompany boolean
);
create table if not exists customer_map (
    batch_id integer not null, line bigint not null, scope text,
    customer_no text not null, account_id text not null, source_system text, company_code text, valid_from date
);
create table if not exists successions (
    batch_id integer not null, line bigint not null, scope text,
    account_id text not null, successor_id text not null, valid_from date
);
-- Of the largest kind nothing is written that every row would say: its scope follows from it, and no currency is EUR.
-- A column in which nothing stands is written all the same, so rows that say no more stand in a narrower table.
-- Documents are too many for a dictionary, which costs more to make than it saves; a store made earlier still has one.
create table if not exists ledger (
    batch_id integer not null, line bigint not null, shadow integer [],
    account_id text, customer_no text, posting_date date not null, line_type enum (
        'gross_sales', 'discount', 'rebate', 'credit_note', 'cogs', 'freight', 'service', 'sales_effort', 'marketing',
        'other_cost_to_serve', 'bad_debt', 'capital_charge'
    ) not null,
    amount decimal(18, 4) not null, currency text, document text using compression zstd, product text,
    company_code text, for_month date
);
create table if not exists ledger_brief (
    batch_id integer not null, line bigint not null, account_id text not null, posting_date date not null,
    line_type enum (
        'gross_sales', 'discount', 'rebate', 'credit_note', 'cogs', 'freight', 'service', 'sales_effort', 'marketing',
        'other_cost_to_serve', 'bad_debt', 'capital_charge'
    ) not null,
    amount decimal(18, 4) not null, document text using compression zstd
);
create table if not exists sales_lines (
    batch_id integer not null, line bigint not null, scope text, shadow integer [],
    account_id text, customer_no text, doc_no text not null, line_no text, doc_type text, ref_doc_no text,
    invoice_date date not null, product text, product_category text, value_added_service boolean,
    quantity decimal(18, 8), list_amount decimal(18, 4), discount_amount decimal(18, 4),
    net_amount decimal(18, 4) not null, vat_amount decimal(18, 4), cogs_amount decimal(18, 4),
    freight_amount decimal(18, 4), currency text not null, order_no text, company_code text, source_system text
);
create table if not exists receivables (
    batch_id integer not null, line bigint not null, scope text, shadow integer [],
    account_id text, customer_no text, doc_no text not null, item_no text, doc_type text, invoice_date date not null,
    due_date date, amount decimal(18, 4) not null, open_amount decimal(18, 4), cleared_date date, disputed boolean,
    factored boolean, currency text not null, snapshot_date date, company_code text
);
create table if not exists cost_drivers (
    batch_id integer not null, line bigint not null, scope text,
    account_id text not null, month date not null, activity text not null, quantity decimal(18, 8) not null
);
create table if not exists cost_rates (
    batch_id integer not null, line bigint not null, scope text,
    activity text not null, unit text, eur_per_unit decimal(18, 8) not null, low decimal(18, 8), high decimal(18, 8),
    valid_from date not null
);
create table if not exists budget (
    batch_id integer not null, line bigint not null, scope text, shadow integer [],
    account_id text not null, month date not null, line_type text not null, amount decimal(18, 4) not null, scenario text
);
create table if not exists account_balances (
    batch_id integer not null, line bigint not null, scope text,
    account_id text not null, month_end date not null, item text not null, amount decimal(18, 4) not null,
    currency text not null
);
create table if not exists plans (
    batch_id integer not null, line bigint not null, scope text,
    plan_id text not null, account_id text not null, start_date date not null, title text, status text,
    signed_by text, signed_on date, joint boolean, customer_ack_on date, culture text, customer_goals text,
    visibility text
);
create table if not exists objectives (
    batch_id integer not null, line bigint not null, scope text,
    objective_id text not null, plan_id text not null, title text not null, kind text not null, sales_component text,
    unit text, direction text, baseline decimal(18, 8) not null, target_30 decimal(18, 8), target_60 decimal(18, 8),
    target_90 decimal(18, 8) not null, weight decimal(18, 8), owner text, mirror_of text
);
create table if not exists measurements (
    batch_id integer not null, line bigint not null, scope text,
    objective_id text not null, date date not null, value decimal(18, 8) not null, source text
);
create table if not exists milestones (
    batch_id integer not null, line bigint not null, scope text,
    milestone_id text not null, plan_id text not null, title text not null, objective_id text, owner text,
    owner_side text, owner_function text, baseline_date date not null, planned_date date, done_date date,
    weight decimal(18, 8)
);
create table if not exists reviews (
    batch_id integer not null, line bigint not null, scope text,
    review_id text not null, account_id text not null, plan_id text, kind text not null, due_date date not null,
    held_date date, decisions text, next_steps text
);
create table if not exists alignment (
    batch_id integer not null, line bigint not null, scope text,
    round_id text not null, round_date date not null, respondent text not null, function text not null,
    item text not null, value integer, account_id text, invited integer
);
create table if not exists fx_rates (
    batch_id integer not null, line bigint not null, scope text,
    currency text not null, date date not null, eur_per_unit decimal(18, 8) not null
);

-- Rollups: appended with their load in its own transaction, so that no page ever reads a ledger.
-- grain: batch x scope x shadow x customer as booked x month (day for foreign money) x line type x currency x scenario
-- x what it belongs to: the invoice that a credit note names, the month that a posting names
create table if not exists booking (
    batch_id integer not null, kind text not null, scope text, shadow integer [],
    account_ref text, customer_no text, source_system text, company_code text,
    booked_on date not null, first_day date not null, last_day date not null,
    line_type text not null, currency text not null, scenario text not null, cost_known boolean not null,
    amount decimal(38, 4) not null, line_count bigint not null, ref_doc_no text, for_month date
);
-- grain: batch x invoice that a credit note names, with the day on which it was made
create table if not exists credited_invoice (
    batch_id integer not null, scope text, shadow integer [], source_system text, company_code text,
    doc_no text not null, invoice_date date not null
);
-- grain: batch x scope x shadow x customer as booked x month (day for foreign money) x product x service x credit note
create table if not exists product_booking (
    batch_id integer not null, kind text not null, scope text, shadow integer [],
    account_ref text, customer_no text, source_system text, company_code text,
    booked_on date not null, first_day date not null, last_day date not null,
    product text, product_category text, is_service boolean, is_credit boolean not null, is_counted boolean not null,
    currency text not null, quantity decimal(38, 8), amount decimal(38, 4) not null, costed decimal(38, 4) not null,
    cogs decimal(38, 4) not null, taxed decimal(38, 4) not null, vat decimal(38, 4) not null, line_count bigint not null
);
-- grain: customer as booked x period in which they belong to one account (null: nobody knows them)
create table if not exists customer_account (
    account_ref text, customer_no text, source_system text, company_code text,
    from_day date not null, until_day date not null, account_id text
);
-- grain: account that was followed up x period, with the account that its figures belong to then
create table if not exists account_heir (
    account_id text not null, from_day date not null, until_day date not null, heir_id text not null
);
-- grain: account
create table if not exists account (
    account_id text, account_name text, parent_id text, group_id text, group_name text, country text, sector text,
    segment text, kam_id text, kam_name text, sponsor_id text, sponsor_name text, key_since date, reason text,
    payment_terms_days integer, intercompany boolean
);
-- grain: account (or unmapped reference) x month x month it belongs to x line type x activity x currency x scenario
-- x origin; what pages read. What activities cost is also told at their low and their high rates.
create table if not exists account_month (
    account_id text, unmapped_ref text, month date not null, line_type text not null, activity text,
    currency text not null, scenario text not null, origin text not null, cost_known boolean,
    amount decimal(38, 16), amount_eur decimal(38, 16), line_count bigint not null,
    first_day date not null, last_day date not null, own_month date not null,
    low_eur decimal(38, 16), high_eur decimal(38, 16)
);
-- grain: account (or unmapped reference) x month for which sales lines are known, with the line types they hold, and
-- whether they and the ledger tell costs
create table if not exists sales_cover (
    account_id text, unmapped_ref text, month date not null, line_types text [] not null, cost_known boolean,
    cost_posted boolean
);
-- grain: account (or unmapped reference) x month x month it belongs to x scenario x origin: what account_month adds up
-- to in euros (what has none is there only), a column for each line of the profit statement and one for its number of
-- lines. `net` is all of net sales, `uncosted` those without a cost price, `undecided` where account_month leaves that open
create table if not exists profit_month (
    account_id text, unmapped_ref text, month date not null, own_month date not null, scenario text not null,
    origin text not null, first_day date not null, last_day date not null, is_priced boolean not null,
    gross_sales decimal(38, 16), gross_sales_lines bigint, discount decimal(38, 16), discount_lines bigint,
    price_difference decimal(38, 16), price_difference_lines bigint, credit_note decimal(38, 16),
    credit_note_lines bigint, rebate decimal(38, 16), rebate_lines bigint, net decimal(38, 16), net_lines bigint,
    uncosted decimal(38, 16), uncosted_lines bigint, undecided decimal(38, 16), undecided_lines bigint,
    cogs decimal(38, 16), cogs_lines bigint, served decimal(38, 16), served_low decimal(38, 16),
    served_high decimal(38, 16), served_lines bigint, capital_charge decimal(38, 16), capital_charge_lines bigint
);
-- grain: account (or unmapped reference) x month x product x service x credit note, in euros; `unrated` lacks a rate,
-- `taxed` is of the lines that state their VAT
create table if not exists product_month (
    account_id text, unmapped_ref text, month date not null, product text, product_category text,
    is_service boolean, is_credit boolean not null, is_counted boolean not null, unrated text,
    quantity decimal(38, 8), amount_eur decimal(38, 12), costed_eur decimal(38, 12), cogs_eur decimal(38, 12),
    taxed_eur decimal(38, 12), vat_eur decimal(38, 12), line_count bigint not null, first_day date not null, last_day date not null
);
-- grain: receivables that count and are alike: account (or unmapped reference) x book (company and source) x currency x
-- kind x the days they name. `open_amount` stands open from `open_from` until `open_until`: from the invoice until it is
-- cleared or a list of open items takes over, or from one such list until the next. Until the day at which they end,
-- `told_from` and `told_until` say when this is the newest that is told of an item; `paid_on` is when anything says so.
create table if not exists receivable_span (
    account_id text, unmapped_ref text, book text not null, currency text not null, doc_type text not null,
    disputed boolean not null, factored boolean not null, invoice_date date not null, due_date date, cleared_date date,
    snapshot_date date, paid_on date, amount decimal(38, 4) not null, open_amount decimal(38, 4) not null,
    open_from date not null, open_until date not null, told_from date not null, told_until date not null,
    item_count bigint not null
);
