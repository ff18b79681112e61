-- grain: month of booking that profit_month cannot tell: the period holds a part of it (some of what was booked in it
-- counts outside, or later), or some of it has no euros
select booked_in as month,
    coalesce(bool_or(from_day < $from_date or until_day > $to_date or last_day > $known_until)
        filter (origin not in ('cost_drivers', 'capital')), false) as is_broken,
    bool_and(is_priced) as is_priced
from dated_months('profit_month', $credit_notes)
where scenario = $scenario and first_day <= $known_until and until_day >= $from_date and from_day <= $to_date
group by all
having is_broken or not is_priced;
