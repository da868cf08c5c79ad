-- How each source's boards ended, by UTC day; a board tried twice a day counts by each try.
SELECT
    substr(r.started_at, 1, 10) AS day, -- sqlite
    to_char(r.started_at, 'YYYY-MM-DD') AS day, -- postgresql
    b.source,
    COUNT(*) AS tries,
    SUM(CASE WHEN b.state = 'complete' THEN 1 ELSE 0 END) AS complete,
    SUM(CASE WHEN b.state = 'partial' THEN 1 ELSE 0 END) AS partial,
    SUM(CASE WHEN b.state = 'empty' THEN 1 ELSE 0 END) AS empty,
    SUM(CASE WHEN b.state NOT IN ('complete', 'partial', 'empty', 'skipped') THEN 1 ELSE 0 END) AS failed
FROM board_run AS b
JOIN run AS r ON r.run_id = b.run_id
WHERE r.started_at >= :days30 AND b.state IS NOT NULL AND b.state <> 'skipped' AND r.kind <> 'replay'
GROUP BY 1, 2
ORDER BY 1, 2
