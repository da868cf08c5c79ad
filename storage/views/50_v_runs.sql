-- One row a run: what it read, what came of it, what its checks found.
SELECT
    r.run_id, r.number, r.kind, r.state, r.started_at, r.finished_at,
    CAST(ROUND((julianday(r.finished_at) - julianday(r.started_at)) * 86400) AS INTEGER) AS seconds, -- sqlite
    CAST(ROUND(EXTRACT(EPOCH FROM r.finished_at - r.started_at)) AS INTEGER) AS seconds, -- postgresql
    COALESCE(b.boards, 0) AS boards, COALESCE(b.complete, 0) AS complete, COALESCE(b.found, 0) AS found,
    COALESCE(b.new, 0) AS new, COALESCE(b.changed, 0) AS changed, COALESCE(b.closed, 0) AS closed,
    COALESCE(b.reopened, 0) AS reopened, COALESCE(b.rejected, 0) AS rejected,
    COALESCE(f.errors, 0) AS errors, COALESCE(f.warnings, 0) AS warnings,
    r.version, r.taxonomy_version, r.because
FROM run AS r
LEFT JOIN (
    SELECT
        run_id, COUNT(*) AS boards, SUM(CASE WHEN complete THEN 1 ELSE 0 END) AS complete, SUM(found) AS found,
        SUM(new) AS new, SUM(changed) AS changed, SUM(closed) AS closed, SUM(reopened) AS reopened,
        SUM(rejected) AS rejected
    FROM board_run
    GROUP BY run_id
) AS b ON b.run_id = r.run_id
LEFT JOIN (
    SELECT
        run_id, SUM(CASE WHEN level = 'error' THEN 1 ELSE 0 END) AS errors,
        SUM(CASE WHEN level = 'warning' THEN 1 ELSE 0 END) AS warnings
    FROM finding
    GROUP BY run_id
) AS f ON f.run_id = r.run_id
