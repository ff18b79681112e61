-- grain: one row: the months that the period covers whole, as far as anything was posted outside it
select date_trunc('month', $from_date)::date as first_month, date_trunc('month', $to_date)::date as last_month,
    case when bool_or(month = first_month and first_day < $from_date) then (first_month + interval 1 month)::date
        else first_month end as whole_from,
    case when bool_or(month = last_month and last_day > $to_date) then (last_month - interval 1 month)::date
        else last_month end as whole_until
from account_month
where scenario = $scenario and origin not in ('cost_drivers', 'capital');
