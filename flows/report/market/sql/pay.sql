-- Pay of open jobs by role and level, in USD a year: the middle of the range of each job; quantiles are nearest ranks.
-- The quantiles of a cell of fewer than 10 jobs are left empty.
WITH paid AS (
    SELECT
        role, seniority, salary_source,
        (COALESCE(salary_year_usd_min, salary_year_usd_max) + COALESCE(salary_year_usd_max, salary_year_usd_min)) / 2
            AS pay
    FROM job
    WHERE
        state = 'open' AND role <> 'none' AND salary_source IN ('stated', 'parsed')
        AND (salary_year_usd_min IS NOT NULL OR salary_year_usd_max IS NOT NULL)
),
ranked AS (
    SELECT
        role, seniority, salary_source, pay,
        ROW_NUMBER() OVER (PARTITION BY role, seniority, salary_source ORDER BY pay) AS place,
        COUNT(*) OVER (PARTITION BY role, seniority, salary_source) AS n
    FROM paid
)
SELECT
    r.role, r.seniority, r.salary_source, MAX(r.n) AS n,
    MAX(CASE WHEN r.n >= 10 AND r.place = (r.n * 10 + 99) / 100 THEN r.pay END) AS p10,
    MAX(CASE WHEN r.n >= 10 AND r.place = (r.n * 25 + 99) / 100 THEN r.pay END) AS p25,
    MAX(CASE WHEN r.n >= 10 AND r.place = (r.n * 50 + 99) / 100 THEN r.pay END) AS p50,
    MAX(CASE WHEN r.n >= 10 AND r.place = (r.n * 75 + 99) / 100 THEN r.pay END) AS p75,
    MAX(CASE WHEN r.n >= 10 AND r.place = (r.n * 90 + 99) / 100 THEN r.pay END) AS p90
FROM ranked AS r
GROUP BY r.role, r.seniority, r.salary_source
ORDER BY n DESC, r.role, r.seniority, r.salary_source
