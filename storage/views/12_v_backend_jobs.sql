-- Back-end openings in any state; scope says how narrowly.
SELECT
    CASE WHEN role IN ('backend-developer', 'backend-architect') THEN 'backend' ELSE 'wider' END AS scope,
    job_id, family_id, title, company, company_key, role, server_side, seniority, years_min, years_max, degree,
    remote_mode, remote_regions, locations, salary_min, salary_max, salary_currency, salary_period, salary_source,
    salary_inferred, salary_raw, salary_year_usd_min, salary_year_usd_max, fx_date, employment_type, skills, language,
    posted_at, first_seen, last_seen, state, closed_at, closed_because, openings, sources, posting_count, best,
    taxonomy_version, description_text
FROM job
WHERE role IN ('backend-developer', 'backend-architect') OR server_side IN ('core', 'part')
