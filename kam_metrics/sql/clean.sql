-- Outer spaces of every sort are no part of a cell, and a cell of nothing else is empty. Most cells have none: look first.
create or replace macro clean(cell) as
    nullif(
        case when regexp_matches(cell, '^[^!-~]|[^!-~]$')
        then regexp_replace(cell, '^[\s\x0b\x85\p{Z}\x{200B}\x{2060}\x{FEFF}]+|[\s\x0b\x85\p{Z}\x{200B}\x{2060}\x{FEFF}]+$', '', 'g')
        else cell end,
        ''
    );
create or replace macro clean_spaces(cell) as nullif(trim(cell), '');

-- `="001"` is how an export keeps a spreadsheet from making the number 1 of the text 001.
create or replace macro unwrapped(cell) as
    case when regexp_full_match(cell, '="[^"]*"') then clean(cell[3:-2]) else cell end;

-- A number as a person reads it at 15 significant digits, without exponent or trailing zeros.
create or replace macro fifteen_digits(number) as
    case when isnan(number) then null when abs(number) < 1e15 then regexp_replace(printf('%.14e', number)::decimal(38, 15)::varchar, '\.?0+$', '')
    else upper(printf('%.14e', number)) end;
