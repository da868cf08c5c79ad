-- One row an opening that is open: at least one of its ads is.
SELECT
    job_id, family_id, title, company, company_key, role, server_side, seniority, years_min, years_max, degree,
    remote_mode, remote_regions, locations, salary_min, salary_max, salary_currency, salary_period, salary_source,
    salary_inferred, salary_raw, salary_year_usd_min, salary_year_usd_max, fx_date, employment_type, skills, language,
    posted_at, first_seen, last_seen, state, closed_at, closed_because, openings, sources, posting_count, best,
    taxonomy_version, description_text
FROM job
WHERE state = 'open'
