-- grain: account (or unmapped reference) x month: net sales in the currency of the audit file, null when not all of it is
select coalesce(account_id, unmapped_ref, '–') as account, month,
    case
        when $currency = 'EUR' and bool_and(amount_eur is not null) then sum(amount_eur)
        when $currency <> 'EUR' and bool_and(currency = $currency) then sum(amount)
    end as amount
from account_month
where scenario = 'actual' and origin in ('ledger', 'sales_lines') and list_contains($net::text[], line_type)
    and month between date_trunc('month', $first_day::date) and $last_day::date
group by all;
