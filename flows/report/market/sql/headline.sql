-- Unique jobs by scope; wider back-end holds back-end, all holds both. New: open, first seen within 7 days.
WITH scoped AS (
    SELECT 'back-end' AS scope, state, first_seen, closed_at, remote_mode, salary_min, salary_max, salary_source
    FROM job
    WHERE role IN ('backend-developer', 'backend-architect')
    UNION ALL
    SELECT 'wider back-end' AS scope, state, first_seen, closed_at, remote_mode, salary_min, salary_max, salary_source
    FROM job
    WHERE role IN ('backend-developer', 'backend-architect') OR server_side IN ('core', 'part')
    UNION ALL
    SELECT 'all jobs' AS scope, state, first_seen, closed_at, remote_mode, salary_min, salary_max, salary_source
    FROM job
)
SELECT
    scope,
    SUM(CASE WHEN state = 'open' THEN 1 ELSE 0 END) AS jobs_open,
    SUM(CASE WHEN state = 'unconfirmed' THEN 1 ELSE 0 END) AS jobs_unconfirmed,
    SUM(CASE WHEN state = 'closed' THEN 1 ELSE 0 END) AS jobs_closed,
    SUM(CASE WHEN state = 'open' AND first_seen >= :days7 THEN 1 ELSE 0 END) AS new_in_7_days,
    SUM(CASE WHEN state = 'closed' AND closed_at >= :days7 THEN 1 ELSE 0 END) AS closed_in_7_days,
    SUM(CASE WHEN state = 'open' AND remote_mode = 'remote' THEN 1 ELSE 0 END) AS open_remote,
    SUM(CASE
        WHEN state = 'open' AND (salary_min IS NOT NULL OR salary_max IS NOT NULL) AND salary_source <> 'predicted'
        THEN 1 ELSE 0
    END) AS open_with_pay
FROM scoped
GROUP BY scope
ORDER BY scope
