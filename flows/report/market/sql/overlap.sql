-- Open jobs by the exact set of sources that carry them.
SELECT REPLACE(CAST(sources AS TEXT), '", "', '","') AS sources, COUNT(*) AS jobs
FROM job
WHERE state = 'open'
GROUP BY CAST(sources AS TEXT)
ORDER BY jobs DESC, 1
LIMIT 2000
