-- One row an ad on a board, with its life; without the HTML and the bookkeeping.
SELECT
    source, board, external_id, posting.posting_key, url, apply_url, requisition_id, job_id, family_id, title, title_raw,
    title_core, level, company, company_raw, company_key, company_url, agency, role, roles, role_score, role_because,
    taxonomy_version, server_side, seniority, seniority_raw, seniority_because, years_min, years_max, years_because,
    degree, degree_because, remote_mode, remote_because, remote_regions, locations, location_raw, salary_min,
    salary_max, salary_currency, salary_period, salary_source, salary_inferred, salary_raw, salary_year_usd_min,
    salary_year_usd_max, fx_date, employment_type, employment_type_raw, department, tags, skills, skills_because,
    language, posted_at, posted_precision, posted_raw, updated_at, valid_through, first_seen,
    (SELECT s.last_seen FROM sighting AS s WHERE s.posting_key = posting.posting_key) AS last_seen, -- sqlite
    sighting.last_seen, -- postgresql
    state, closed_at, closed_because, doubts, description_text
FROM posting
LEFT JOIN sighting ON sighting.posting_key = posting.posting_key -- postgresql
