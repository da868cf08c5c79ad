-- Open jobs that two sources carry both; where source and other are the same, all open jobs of the source.
WITH carried AS MATERIALIZED (
    SELECT DISTINCT p.job_id, p.source
    FROM posting AS p
    JOIN job AS j ON j.job_id = p.job_id
    WHERE j.state = 'open'
)
SELECT a.source, b.source AS other, COUNT(*) AS jobs
FROM carried AS a
JOIN carried AS b ON b.job_id = a.job_id
GROUP BY a.source, b.source
