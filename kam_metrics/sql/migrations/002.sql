-- Remember which saved profile answered for a file, so that its next edition can be read the same way.
alter table batch add column profile text;
-- What a row leaves unsaid is said when it is loaded, so that the same row compares as the same.
update budget set scenario = 'budget' where scenario is null;
update sales_lines set source_system = b.source_system from batch b
where b.batch_id = sales_lines.batch_id and sales_lines.source_system is null;
update customer_map set source_system = b.source_system from batch b
where b.batch_id = customer_map.batch_id and customer_map.source_system is null;
