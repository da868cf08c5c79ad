-- Employers whose ads come back: ads that joined a job as a later copy of an earlier ad, and jobs that stand open
-- for more than 90 days with three such copies. A hint, not a verdict: a large team hires for years.
WITH copies AS (
    SELECT job_id, COUNT(*) AS copies
    FROM match_link
    WHERE kind = 'temporal'
    GROUP BY job_id
),
again AS (
    SELECT
        j.company_key,
        SUM(c.copies) AS reposts,
        SUM(CASE WHEN c.copies >= 3 AND COALESCE(j.posted_at, j.first_seen) < :days90 THEN 1 ELSE 0 END) AS long_open
    FROM copies AS c
    JOIN job AS j ON j.job_id = c.job_id
    WHERE j.state = 'open' AND j.company_key IS NOT NULL
    GROUP BY j.company_key
    ORDER BY reposts DESC, j.company_key
    LIMIT 50
)
SELECT
    a.company_key,
    (SELECT MAX(j.company) FROM job AS j WHERE j.company_key = a.company_key AND j.state = 'open') AS company,
    (SELECT COUNT(*) FROM job AS j WHERE j.company_key = a.company_key AND j.state = 'open') AS jobs,
    a.reposts, a.long_open
FROM again AS a
ORDER BY a.reposts DESC, a.company_key
