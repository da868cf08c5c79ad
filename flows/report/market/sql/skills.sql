-- The technologies that open back-end jobs name most.
WITH scope AS (
    SELECT job_id, taxonomy_version
    FROM job
    WHERE state = 'open' AND role IN ('backend-developer', 'backend-architect')
)
SELECT
    js.skill,
    COALESCE(MAX(s.category), '') AS category,
    COUNT(*) AS jobs,
    (SELECT COUNT(*) FROM scope) AS jobs_in_scope
FROM job_skill AS js
JOIN scope AS j ON j.job_id = js.job_id
LEFT JOIN skill AS s ON s.skill = js.skill AND s.taxonomy_version = j.taxonomy_version
GROUP BY js.skill
ORDER BY jobs DESC, js.skill
LIMIT 100
