-- Open jobs that name a technology, by day; share is of the open jobs of the scope.
SELECT
    day, taxonomy_version, scope, skill, jobs_open, jobs_in_scope,
    CASE WHEN jobs_in_scope > 0 THEN CAST(jobs_open AS DOUBLE PRECISION) / jobs_in_scope END AS share
FROM skills_daily
