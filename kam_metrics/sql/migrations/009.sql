-- Weighing the vitals of health is an act in the same chain too.
create table change_before as select * from change;
drop table change;
create table change (
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
insert into change select * from change_before;
drop table change_before;
