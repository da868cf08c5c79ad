-- Employers with the most open jobs of the wider back-end.
WITH first AS (
    SELECT
        company_key,
        COUNT(*) AS jobs,
        SUM(CASE WHEN role IN ('backend-developer', 'backend-architect') THEN 1 ELSE 0 END) AS backend_jobs,
        SUM(openings) AS openings
    FROM job
    WHERE
        state = 'open' AND company_key IS NOT NULL
        AND (role IN ('backend-developer', 'backend-architect') OR server_side IN ('core', 'part'))
    GROUP BY company_key
    ORDER BY jobs DESC, company_key
    LIMIT 50
)
SELECT
    f.company_key,
    (SELECT MAX(j.company) FROM job AS j WHERE j.company_key = f.company_key AND j.state = 'open') AS company,
    f.jobs, f.backend_jobs, f.openings,
    COALESCE((SELECT CASE WHEN c.agency THEN 1 ELSE 0 END FROM company AS c WHERE c.company_key = f.company_key), 0) AS agency,
    (
        SELECT COUNT(*)
        FROM job AS a
        WHERE a.state = 'open' AND (a.role IN ('backend-developer', 'backend-architect') OR a.server_side IN ('core', 'part'))
    ) AS jobs_in_scope
FROM first AS f
ORDER BY f.jobs DESC, f.company_key
