-- Jobs that state pay, in any state; a year in USD where currency and period are known.
SELECT
    job_id, title, company, company_key, role, server_side, seniority, remote_mode, employment_type, state, first_seen,
    salary_min, salary_max, salary_currency, salary_period, salary_source, salary_inferred,
    salary_year_usd_min, salary_year_usd_max,
    (COALESCE(salary_year_usd_min, salary_year_usd_max) + COALESCE(salary_year_usd_max, salary_year_usd_min)) / 2
        AS salary_year_usd_mid,
    fx_date
FROM job
WHERE salary_min IS NOT NULL OR salary_max IS NOT NULL
