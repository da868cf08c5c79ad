-- From records read to open back-end jobs: how many are left after each step.
SELECT 1 AS step, 'records' AS stage, '' AS lost_as,
    (SELECT COUNT(*) FROM posting) + (SELECT COUNT(*) FROM rejection WHERE state = 'open') AS left_over
UNION ALL
SELECT 2, 'ads believed', 'rejected', (SELECT COUNT(*) FROM posting)
UNION ALL
SELECT 3, 'ads not closed', 'closed', (SELECT COUNT(*) FROM posting WHERE state <> 'closed')
UNION ALL
SELECT 4, 'ads open', 'unconfirmed', (SELECT COUNT(*) FROM posting WHERE state = 'open')
UNION ALL
SELECT 5, 'unique open jobs', 'other ads of the same job', (SELECT COUNT(*) FROM job WHERE state = 'open')
UNION ALL
SELECT 6, 'wider back-end', 'outside server-side work', (
    SELECT COUNT(*)
    FROM job
    WHERE state = 'open' AND (role IN ('backend-developer', 'backend-architect') OR server_side IN ('core', 'part'))
)
UNION ALL
SELECT 7, 'back-end', 'other roles with server-side work', (
    SELECT COUNT(*) FROM job WHERE state = 'open' AND role IN ('backend-developer', 'backend-architect')
)
ORDER BY 1
