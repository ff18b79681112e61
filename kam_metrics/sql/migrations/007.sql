-- profit_month is new, and sales_cover is a rollup now; every rollup is made anew after a migration.
drop view if exists sales_cover;
