-- Open jobs that two sources carry both; where source and other are the same, all open jobs of the source.
WITH held AS MATERIALIZED (
    SELECT sources, COUNT(*) AS jobs
    FROM job
    WHERE state = 'open'
    GROUP BY sources
)
SELECT a.value AS source, b.value AS other, CAST(SUM(held.jobs) AS BIGINT) AS jobs
FROM held, json_each(held.sources) AS a, json_each(held.sources) AS b -- sqlite
FROM held, jsonb_array_elements_text(held.sources) AS a(value), jsonb_array_elements_text(held.sources) AS b(value) -- postgresql
GROUP BY a.value, b.value
