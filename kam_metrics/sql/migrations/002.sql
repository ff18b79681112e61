-- Remember which saved profile answered for a file, so that its next edition can be read the same way.
alter table batch add column profile text;
