-- Open jobs by the place where the work is done.
WITH scoped AS (
    SELECT 'back-end' AS scope, remote_mode
    FROM job
    WHERE state = 'open' AND role IN ('backend-developer', 'backend-architect')
    UNION ALL
    SELECT 'wider back-end' AS scope, remote_mode
    FROM job
    WHERE state = 'open' AND (role IN ('backend-developer', 'backend-architect') OR server_side IN ('core', 'part'))
    UNION ALL
    SELECT 'all jobs' AS scope, remote_mode
    FROM job
    WHERE state = 'open'
)
SELECT scope, remote_mode, COUNT(*) AS jobs
FROM scoped
GROUP BY scope, remote_mode
ORDER BY scope, remote_mode
