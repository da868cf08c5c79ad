-- How many open jobs of a role say what they pay, and where the figure comes from.
SELECT
    role,
    COUNT(*) AS jobs,
    SUM(CASE WHEN salary_source = 'stated' THEN 1 ELSE 0 END) AS stated,
    SUM(CASE WHEN salary_source = 'parsed' THEN 1 ELSE 0 END) AS parsed,
    SUM(CASE WHEN salary_source = 'predicted' THEN 1 ELSE 0 END) AS predicted,
    SUM(CASE WHEN salary_source IS NULL THEN 1 ELSE 0 END) AS none
FROM job
WHERE state = 'open' AND role <> 'none'
GROUP BY role
ORDER BY jobs DESC, role
LIMIT 40
