-- Outer spaces of every sort are no part of a cell, and a cell of nothing else is empty.
create or replace temp macro clean(cell) as
    nullif(trim(cell, ' ' || chr(9) || chr(10) || chr(160) || chr(8199) || chr(8201) || chr(8203) || chr(8239) || chr(65279)), '');
create or replace temp macro clean_spaces(cell) as nullif(trim(cell), '');

-- A number as a person reads it at 15 significant digits, without exponent or trailing zeros.
create or replace temp macro fifteen_digits(number) as
    regexp_replace(try_cast(printf('%.14e', number) as decimal(38, 15))::varchar, '\.?0+$', '');
