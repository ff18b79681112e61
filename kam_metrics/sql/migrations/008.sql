-- A closed list of words is written as numbers; rows that say little go into a narrower table from now on.
alter table ledger alter column line_type type enum (
    'gross_sales', 'discount', 'rebate', 'credit_note', 'cogs', 'freight', 'service', 'sales_effort', 'marketing',
    'other_cost_to_serve', 'bad_debt', 'capital_charge'
);
