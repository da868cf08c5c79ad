-- Open unique jobs at the end of each day, and what came and went that day.
SELECT
    day,
    MAX(taxonomy_version) AS taxonomy_version,
    SUM(CASE WHEN role IN ('backend-developer', 'backend-architect') THEN jobs_open ELSE 0 END) AS backend_open,
    SUM(CASE
        WHEN role IN ('backend-developer', 'backend-architect') OR server_side IN ('core', 'part')
        THEN jobs_open ELSE 0
    END) AS wider_open,
    SUM(jobs_open) AS all_open,
    SUM(CASE WHEN role IN ('backend-developer', 'backend-architect') THEN jobs_new ELSE 0 END) AS backend_new,
    SUM(CASE WHEN role IN ('backend-developer', 'backend-architect') THEN jobs_closed ELSE 0 END) AS backend_closed,
    (SELECT COUNT(*) FROM sources_daily AS s WHERE s.day = v_roles_daily.day AND s.postings_open > 0) AS sources
FROM v_roles_daily
WHERE day > :days365
GROUP BY day
ORDER BY day
