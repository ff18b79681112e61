-- A round amount as the Dutch write it, `10,-` or `10,--`, with its cents; any other cell as it is.
create or replace macro with_cents(cell) as
    case when regexp_matches(cell, '[0-9],[-–—]')
    then regexp_replace(cell, '([0-9]),(--?|[–—])([^-–—0-9]*)$', '\1,00\3') else cell end;

-- The digits of a number with their separators, whatever signs stand around them; null without a digit.
create or replace macro digits(cell) as
    nullif(regexp_extract(translate(with_cents(cell), chr(160) || chr(8239) || chr(8201) || '’', '   '''), '[0-9](?:[0-9.,'' ]*[0-9])?'), '');

-- What stands around the digits, as `-#` or `(#)`, without spaces and one currency: `€ 1.234,56-` is `#-`.
create or replace macro around_digits(cell) as
    regexp_replace(
        replace(
            regexp_replace(
                translate(with_cents(cell), '−' || chr(160) || chr(8239) || chr(8201) || '’', '-   '''), '[0-9](?:[0-9.,'' ]*[0-9])?', '#'
            ),
            ' ', ''
        ),
        '€|\$|£|[A-Z]{3}', ''
    );

-- The currency written beside a number: a code, null when there is none. The dollar stays a sign: many countries use it.
create or replace macro written_currency(cell) as
    case when contains(cell, '€') then 'EUR' when contains(cell, '£') then 'GBP' when contains(cell, '$') then '$'
    else nullif(regexp_extract(cell, '[A-Z]{3}'), '') end;

-- 1 or -1 by what stands around the digits, null when that is no way to write a number.
create or replace macro sign_of(around) as
    case when around in ('#', '+#', '#DR', '#+') then 1 when around in ('-#', '#-', '(#)', '#CR') then -1 end;

-- A number in plain writing, or null. `shape` says how digits may be grouped, `groups` what to drop, `mark` the decimal mark.
create or replace macro odd_number(cell, shape, groups, mark) as
    case when regexp_full_match(digits(cell), shape) and sign_of(around_digits(cell)) is not null
    then case when sign_of(around_digits(cell)) < 0 then '-' else '' end
        || replace(translate(digits(cell), groups || ' ''', ''), mark, '.') end;

create or replace macro straight_number(cell, shape, groups, mark) as
    case when regexp_full_match(cell, shape) then replace(replace(cell, groups, ''), mark, '.') end;

create or replace macro plain_number(cell, shape, odd_shape, groups, mark) as
    coalesce(straight_number(cell, shape, groups, mark), odd_number(cell, odd_shape, groups, mark));

create or replace macro ungrouped(cell) as
    case when regexp_full_match(cell, '-?[0-9.,]+') then ltrim(cell, '-') else translate(digits(cell), ' ''', '') end;
-- Which decimal mark a number must have: ',' or '.', '?' when it reads well either way but differently, null when it does not matter.
create or replace macro decimal_mark(cell, with_comma, with_dot) as
    case when not contains(cell, ',') and not contains(cell, '.') then null
    -- two decimals can be no group: most amounts are decided here
    when regexp_full_match(cell, '-?(\d+|[1-9]\d{0,2}([.]\d{3})+),\d{2}') then ','
    when regexp_full_match(cell, '-?(\d+|[1-9]\d{0,2}(,\d{3})+)[.]\d{2}') then '.'
    when regexp_full_match(ungrouped(cell), with_comma)
    then case when regexp_full_match(ungrouped(cell), with_dot) then '?' else ',' end
    when regexp_full_match(ungrouped(cell), with_dot) then '.' end;

-- Whether the currency written beside a number is another than the row's. A long `in` would become a join,
-- and after a join the rows stand in any order.
create or replace macro is_foreign(cell, currency) as
    case when cell is null or regexp_full_match(cell, '[-0-9., ]+') then false
    when written_currency(cell) = '$' then not regexp_full_match(currency, 'USD|CAD|AUD|NZD|HKD|SGD|MXN')
    else coalesce(written_currency(cell) <> currency, false) end;
