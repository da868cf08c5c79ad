-- Open unique jobs by role; 'none' is outside the taxonomy.
SELECT
    role,
    COUNT(*) AS jobs,
    SUM(CASE WHEN server_side = 'core' THEN 1 ELSE 0 END) AS server_side_core,
    SUM(CASE WHEN server_side = 'part' THEN 1 ELSE 0 END) AS server_side_part
FROM job
WHERE state = 'open'
GROUP BY role
ORDER BY jobs DESC, role
