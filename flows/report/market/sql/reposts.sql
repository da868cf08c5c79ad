-- Employers whose ads come back: ads that joined a job as a later copy of an earlier ad, and jobs that stand open
-- for more than 90 days with three such copies. A hint, not a verdict: a large team hires for years.
WITH copies AS (
    SELECT job_id, COUNT(*) AS copies
    FROM match_link
    WHERE kind = 'temporal'
    GROUP BY job_id
)
SELECT
    j.company_key,
    MAX(j.company) AS company,
    COUNT(*) AS jobs,
    SUM(COALESCE(c.copies, 0)) AS reposts,
    SUM(CASE WHEN c.copies >= 3 AND COALESCE(j.posted_at, j.first_seen) < :days90 THEN 1 ELSE 0 END) AS long_open
FROM job AS j
LEFT JOIN copies AS c ON c.job_id = j.job_id
WHERE j.state = 'open' AND j.company_key IS NOT NULL
GROUP BY j.company_key
HAVING SUM(COALESCE(c.copies, 0)) > 0
ORDER BY reposts DESC, j.company_key
LIMIT 50
