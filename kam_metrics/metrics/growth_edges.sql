-- grain: month of which one of both periods holds a part
select distinct month from product_month
where first_day < $from_date and last_day >= $from_date or first_day <= $to_date and last_day > $to_date
   or first_day < $base_from and last_day >= $base_from or first_day <= $base_to and last_day > $base_to;
