-- How many of a source's ads that are not closed have a field filled; one row a source and field.
WITH filled AS MATERIALIZED (
    SELECT
        source,
        COUNT(*) AS postings,
        SUM(CASE WHEN company IS NOT NULL THEN 1 ELSE 0 END) AS f_company,
        SUM(CASE WHEN apply_url IS NOT NULL THEN 1 ELSE 0 END) AS f_apply_url,
        SUM(CASE WHEN requisition_id IS NOT NULL THEN 1 ELSE 0 END) AS f_requisition_id,
        SUM(CASE WHEN role <> 'none' THEN 1 ELSE 0 END) AS f_role,
        SUM(CASE WHEN seniority <> 'unspecified' THEN 1 ELSE 0 END) AS f_seniority,
        SUM(CASE WHEN years_min IS NOT NULL OR years_max IS NOT NULL THEN 1 ELSE 0 END) AS f_years,
        SUM(CASE WHEN degree <> 'none' THEN 1 ELSE 0 END) AS f_degree,
        SUM(CASE WHEN remote_mode <> 'unknown' THEN 1 ELSE 0 END) AS f_remote_mode,
        SUM(CASE WHEN CAST(remote_regions AS TEXT) <> '[]' THEN 1 ELSE 0 END) AS f_remote_regions,
        SUM(CASE WHEN CAST(locations AS TEXT) <> '[]' THEN 1 ELSE 0 END) AS f_locations,
        SUM(CASE WHEN salary_min IS NOT NULL OR salary_max IS NOT NULL THEN 1 ELSE 0 END) AS f_salary,
        SUM(CASE WHEN employment_type <> 'unknown' THEN 1 ELSE 0 END) AS f_employment_type,
        SUM(CASE WHEN CAST(skills AS TEXT) <> '[]' THEN 1 ELSE 0 END) AS f_skills,
        SUM(CASE WHEN language IS NOT NULL THEN 1 ELSE 0 END) AS f_language,
        SUM(CASE WHEN description_text <> '' THEN 1 ELSE 0 END) AS f_description,
        SUM(CASE WHEN posted_at IS NOT NULL THEN 1 ELSE 0 END) AS f_posted_at,
        SUM(CASE WHEN valid_through IS NOT NULL THEN 1 ELSE 0 END) AS f_valid_through
    FROM posting
    WHERE state <> 'closed'
    GROUP BY source
),
counted AS (
    SELECT source, 'company' AS field, postings, f_company AS filled FROM filled
    UNION ALL
    SELECT source, 'apply_url' AS field, postings, f_apply_url AS filled FROM filled
    UNION ALL
    SELECT source, 'requisition_id' AS field, postings, f_requisition_id AS filled FROM filled
    UNION ALL
    SELECT source, 'role' AS field, postings, f_role AS filled FROM filled
    UNION ALL
    SELECT source, 'seniority' AS field, postings, f_seniority AS filled FROM filled
    UNION ALL
    SELECT source, 'years' AS field, postings, f_years AS filled FROM filled
    UNION ALL
    SELECT source, 'degree' AS field, postings, f_degree AS filled FROM filled
    UNION ALL
    SELECT source, 'remote_mode' AS field, postings, f_remote_mode AS filled FROM filled
    UNION ALL
    SELECT source, 'remote_regions' AS field, postings, f_remote_regions AS filled FROM filled
    UNION ALL
    SELECT source, 'locations' AS field, postings, f_locations AS filled FROM filled
    UNION ALL
    SELECT source, 'salary' AS field, postings, f_salary AS filled FROM filled
    UNION ALL
    SELECT source, 'employment_type' AS field, postings, f_employment_type AS filled FROM filled
    UNION ALL
    SELECT source, 'skills' AS field, postings, f_skills AS filled FROM filled
    UNION ALL
    SELECT source, 'language' AS field, postings, f_language AS filled FROM filled
    UNION ALL
    SELECT source, 'description' AS field, postings, f_description AS filled FROM filled
    UNION ALL
    SELECT source, 'posted_at' AS field, postings, f_posted_at AS filled FROM filled
    UNION ALL
    SELECT source, 'valid_through' AS field, postings, f_valid_through AS filled FROM filled
)
SELECT source, field, postings, filled, CAST(filled AS DOUBLE PRECISION) / postings AS share
FROM counted
