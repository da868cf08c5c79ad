-- Unique jobs by day and kind.
SELECT
    day, taxonomy_version, role, server_side, seniority, remote_mode,
    jobs_open, jobs_unconfirmed, jobs_new, jobs_closed, jobs_with_pay
FROM roles_daily
