-- Closing a month and keeping a profile are acts in the same chain as a load, and are about no batch.
create table change_before as select * from change;
drop table change;
create table change (
    change_id integer primary key default nextval('change_seq'),
    batch_id integer,
    what text not null check (what in ('load', 'undo', 'redo', 'close', 'reopen', 'remember', 'forget')),
    who text not null,
    changed_at timestamp not null,
    hash text not null,
    month date,
    about text
);
insert into change select *, null, null from change_before;
drop table change_before;
-- What a load changed is known when it is loaded, and history tells it.
alter table batch add column new_rows bigint;
alter table batch add column changed_rows bigint;
alter table batch add column unchanged_rows bigint;
alter table batch add column disappearing_rows bigint;
