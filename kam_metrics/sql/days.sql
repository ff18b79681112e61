-- A date without the midnight that many systems put behind it.
create or replace macro without_midnight(cell) as
    regexp_replace(cell, '[T ]+(00?:00(:00([.]0+)?)?(Z|[+]00:?00)?|12:00(:00)? ?AM)$', '');

-- A Dutch or English month name, in full or short, to its number.
create or replace macro month_number(name) as
    case when name in ('jan', 'januari', 'january') then 1 when name in ('feb', 'februari', 'february') then 2
    when name in ('mrt', 'mar', 'maart', 'march') then 3 when name in ('apr', 'april') then 4
    when name in ('mei', 'may') then 5 when name in ('jun', 'juni', 'june') then 6
    when name in ('jul', 'juli', 'july') then 7 when name in ('aug', 'augustus', 'august') then 8
    when name in ('sep', 'sept', 'september') then 9 when name in ('okt', 'oct', 'oktober', 'october') then 10
    when name in ('nov', 'november') then 11 when name in ('dec', 'december') then 12 end;

create or replace macro ymd(year, month, day) as
    try_cast(year || '-' || lpad(month::varchar, 2, '0') || '-' || lpad(day::varchar, 2, '0') as date);

-- `15 maart 2026`, `15-mrt-2026`, `March 15, 2026`
create or replace macro named_day(text) as
    case when regexp_full_match(text, '\d{1,2}[-. /]+[a-z]+[-. /,]+\d{4}')
    then ymd(regexp_extract(text, '\d{4}$'), month_number(regexp_extract(text, '[a-z]+')), regexp_extract(text, '^\d{1,2}'))
    when regexp_full_match(text, '[a-z]+[. ]+\d{1,2}(,| )+\d{4}')
    then ymd(regexp_extract(text, '\d{4}$'), month_number(regexp_extract(text, '[a-z]+')), regexp_extract(text, ' (\d{1,2})[, ]', 1)) end;

-- Day and month in the order `dmy` or `mdy`; `order_` null: not decided, so not read.
create or replace macro ordered_day(text, order_) as
    case when order_ = 'dmy' then try_strptime(translate(text, '/.', '--'), '%d-%m-%Y')::date
    when order_ = 'mdy' then try_strptime(translate(text, '/.', '--'), '%m-%d-%Y')::date end;

create or replace macro century(year) as case when year >= '70' then '19' else '20' end || year;

-- Two-digit years, read only once somebody said the order: 70 to 99 is the last century.
create or replace macro short_day(text, order_) as
    case order_ when 'dmy' then try_strptime(translate(text, '/.', '--'), '%d-%m-%y')::date
    when 'mdy' then try_strptime(translate(text, '/.', '--'), '%m-%d-%y')::date
    when 'ymd' then try_strptime(translate(text, '/.', '--'), '%y-%m-%d')::date end;

-- `15-mrt-26`, read only once somebody said the order: its day comes first, its year last, unless the year was said to come first.
create or replace macro short_named_day(text, said) as
    case when said is null or not regexp_full_match(text, '\d{1,2}[-. /]+[a-z]+[-. /,]+\d{2}') then null
    when said = 'ymd' then ymd(century(text[1:2]), month_number(regexp_extract(text, '[a-z]+')), regexp_extract(text, '\d{2}$'))
    else ymd(century(regexp_extract(text, '\d{2}$')), month_number(regexp_extract(text, '[a-z]+')), regexp_extract(text, '^\d{1,2}')) end;

create or replace macro any_day(text, order_, said) as
    case when regexp_full_match(text, '\d{4}(-\d{1,2}-|/\d{1,2}/|[.]\d{1,2}[.])\d{1,2}')
    then ymd(text[1:4], regexp_extract(text, '^\d{4}.(\d+)', 1), regexp_extract(text, '\d+$'))
    when regexp_full_match(text, '\d{8}') then ymd(text[1:4], text[5:6], text[7:8])
    when regexp_full_match(text, '\d{1,2}(-\d{1,2}-|/\d{1,2}/|[.]\d{1,2}[.])\d{4}') then ordered_day(text, order_)
    when regexp_full_match(text, '\d{1,2}(-\d{1,2}-|/\d{1,2}/|[.]\d{1,2}[.])\d{2}') then short_day(text, said)
    else coalesce(named_day(lower(text)), short_named_day(lower(text), said)) end;

create or replace macro is_sane(day) as day between date '1900-01-01' and date '2199-12-31';
-- Not the day that many systems write where there is none.
create or replace macro is_known(day) as day between date '1900-01-02' and date '2199-12-31';
create or replace macro sane(day) as case when is_sane(day) then day end;

create or replace macro day_of(cell, order_, said) as
    sane(case when regexp_full_match(cell, '\d{4}-\d{2}-\d{2}') then try_cast(cell as date)
    when regexp_full_match(cell, '\d{1,2}-\d{1,2}-\d{4}') then ordered_day(cell, order_)
    else any_day(without_midnight(cell), order_, said) end);

create or replace macro bare_month(text) as
    sane(case when regexp_full_match(text, '\d{4}[-/.]\d{1,2}') then ymd(text[1:4], regexp_extract(text, '\d+$'), '1')
    when regexp_full_match(text, '\d{6}') then ymd(text[1:4], text[5:6], '1')
    when regexp_full_match(text, '\d{1,2}[-/.]\d{4}') then ymd(regexp_extract(text, '\d{4}$'), regexp_extract(text, '^\d+'), '1')
    when regexp_full_match(text, '[a-z]+[-. /]*\d{4}')
    then ymd(regexp_extract(text, '\d{4}$'), month_number(regexp_extract(text, '[a-z]+')), '1')
    when regexp_full_match(text, '\d{4}[-. /]*[a-z]+')
    then ymd(text[1:4], month_number(regexp_extract(text, '[a-z]+')), '1') end);
-- The first of a month, however the month is written.
create or replace macro month_of(cell, order_, said) as
    coalesce(
        case when day(day_of(cell, order_, said)) = 1 then day_of(cell, order_, said) end,
        bare_month(lower(cell)),
        case when said is not null and regexp_full_match(lower(cell), '[a-z]+[-. /'']+\d{2}')
        then ymd(century(cell[-2:]), month_number(regexp_extract(lower(cell), '[a-z]+')), '1') end
    );

create or replace macro order_of(one, two, is_month) as
    case when one = two then 'same'
    when is_month then case when one = 1 then 'dmy' when two = 1 then 'mdy' end
    when one > 12 and two <= 12 then 'dmy' when two > 12 and one <= 12 then 'mdy' when one <= 12 and two <= 12 then '?' end;
-- What a date says about the order of day and month: 'dmy', 'mdy', '?' when both read well but differently,
-- 'same' when day and month are equal, 'short' for a two-digit year, 'ymd' when the year stands first, null when it does not matter or is no date.
create or replace macro date_order(cell, is_month) as
    case when regexp_full_match(cell, '\d{4}(-\d{1,2}-|/\d{1,2}/|[.]\d{1,2}[.])\d{1,2}|\d{8}|\d{4}-\d{2}-\d{2}[T ].*') then 'ymd'
    when regexp_full_match(cell, '\d{1,2}(-\d{1,2}-|/\d{1,2}/|[.]\d{1,2}[.])\d{4}([T ].*)?')
    then order_of(regexp_extract(cell, '^\d+')::integer, regexp_extract(cell, '^\d+.(\d+)', 1)::integer, is_month)
    when regexp_full_match(cell, '\d{1,2}(-\d{1,2}-|/\d{1,2}/|[.]\d{1,2}[.])\d{2}([T ].*)?') then 'short'
    when month_number(regexp_extract(lower(cell), '[a-z]+')) is null then null
    when regexp_full_match(cell, '\d{1,2}[-. /]+[A-Za-z]+[-. /,]+\d{2}([T ].*)?') then 'short'
    when is_month and regexp_full_match(cell, '[A-Za-z]+[-. /'']+\d{2}') then 'short' end;
