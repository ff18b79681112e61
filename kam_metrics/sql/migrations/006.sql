-- The scope of a ledger row follows from its source, company and month, and a row without a currency is in euros.
alter table ledger drop column scope;
alter table ledger alter column currency drop not null;
