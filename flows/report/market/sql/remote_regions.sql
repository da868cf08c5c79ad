-- Where open, remote jobs of the wider back-end let their people live; a job may name several regions.
WITH remote AS (
    SELECT job_id, remote_regions
    FROM job
    WHERE
        state = 'open' AND remote_mode = 'remote'
        AND (role IN ('backend-developer', 'backend-architect') OR server_side IN ('core', 'part'))
),
named AS (
    SELECT remote.job_id, r.value AS region
    FROM remote, json_each(remote.remote_regions) AS r -- sqlite
    FROM remote, jsonb_array_elements_text(remote.remote_regions) AS r(value) -- postgresql
    UNION ALL
    SELECT job_id, 'not stated' AS region
    FROM remote
    WHERE CAST(remote_regions AS TEXT) = '[]'
)
SELECT region, COUNT(*) AS jobs, (SELECT COUNT(*) FROM remote) AS jobs_remote
FROM named
WHERE region NOT LIKE 'UTC%'
GROUP BY region
ORDER BY jobs DESC, region
LIMIT 60
