-- Employers with the most open jobs of the wider back-end.
SELECT
    j.company_key,
    MAX(j.company) AS company,
    COUNT(*) AS jobs,
    SUM(CASE WHEN j.role IN ('backend-developer', 'backend-architect') THEN 1 ELSE 0 END) AS backend_jobs,
    SUM(j.openings) AS openings,
    MAX(CASE WHEN c.agency THEN 1 ELSE 0 END) AS agency,
    (
        SELECT COUNT(*)
        FROM job AS a
        WHERE a.state = 'open' AND (a.role IN ('backend-developer', 'backend-architect') OR a.server_side IN ('core', 'part'))
    ) AS jobs_in_scope
FROM job AS j
LEFT JOIN company AS c ON c.company_key = j.company_key
WHERE
    j.state = 'open' AND j.company_key IS NOT NULL
    AND (j.role IN ('backend-developer', 'backend-architect') OR j.server_side IN ('core', 'part'))
GROUP BY j.company_key
ORDER BY jobs DESC, j.company_key
LIMIT 50
