-- Technologies named by open back-end jobs, on the last day and on the last day at least four weeks before
-- (the first day where the record is younger).
WITH span AS (
    SELECT
        MAX(day) AS later,
        COALESCE(MAX(CASE WHEN day <= :days28 THEN day END), MIN(day)) AS earlier
    FROM skills_daily
    WHERE scope = 'backend'
)
SELECT
    d.skill,
    MAX(span.earlier) AS earlier,
    MAX(span.later) AS later,
    SUM(CASE WHEN d.day = span.earlier THEN d.jobs_open ELSE 0 END) AS jobs_earlier,
    SUM(CASE WHEN d.day = span.later THEN d.jobs_open ELSE 0 END) AS jobs_later,
    (SELECT MAX(x.jobs_in_scope) FROM skills_daily AS x JOIN span ON x.day = span.earlier WHERE x.scope = 'backend')
        AS in_scope_earlier,
    (SELECT MAX(x.jobs_in_scope) FROM skills_daily AS x JOIN span ON x.day = span.later WHERE x.scope = 'backend')
        AS in_scope_later
FROM skills_daily AS d
JOIN span ON d.day IN (span.earlier, span.later)
WHERE d.scope = 'backend' AND span.earlier < span.later
GROUP BY d.skill
ORDER BY d.skill
