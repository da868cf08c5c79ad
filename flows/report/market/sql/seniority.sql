-- Open back-end jobs by level.
SELECT seniority, COUNT(*) AS jobs
FROM job
WHERE state = 'open' AND role IN ('backend-developer', 'backend-architect')
GROUP BY seniority
ORDER BY jobs DESC, seniority
