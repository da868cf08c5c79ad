-- How long ago jobs of the wider back-end were published (first seen, where no date is believed).
WITH dated AS (
    SELECT state, COALESCE(posted_at, first_seen) AS since
    FROM job
    WHERE state <> 'closed' AND (role IN ('backend-developer', 'backend-architect') OR server_side IN ('core', 'part'))
)
SELECT
    CASE
        WHEN since IS NULL THEN 'unknown'
        WHEN since >= :days7 THEN 'up to 7 days'
        WHEN since >= :days14 THEN '8 to 14'
        WHEN since >= :days30 THEN '15 to 30'
        WHEN since >= :days60 THEN '31 to 60'
        WHEN since >= :days90 THEN '61 to 90'
        WHEN since >= :days180 THEN '91 to 180'
        ELSE 'over 180'
    END AS age,
    SUM(CASE WHEN state = 'open' THEN 1 ELSE 0 END) AS jobs_open,
    SUM(CASE WHEN state = 'unconfirmed' THEN 1 ELSE 0 END) AS jobs_unconfirmed
FROM dated
GROUP BY 1
ORDER BY 1
