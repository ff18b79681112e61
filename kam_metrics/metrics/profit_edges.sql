-- grain: month of booking of which the period holds a part: some of what was booked in it counts outside, or later
select distinct booked_in as month
from dated_months($credit_notes)
where scenario = $scenario and origin not in ('cost_drivers', 'capital')
  and first_day <= $known_until and until_day >= $from_date and from_day <= $to_date
  and (from_day < $from_date or until_day > $to_date or last_day > $known_until);
