-- A posting may say which month it is about, and a credit note which invoice; the rollups remember both.
alter table ledger add column for_month date;
-- Views that hold these tables are made anew.
drop table booking;
drop table account_month;
